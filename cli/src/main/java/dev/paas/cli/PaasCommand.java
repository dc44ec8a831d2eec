package dev.paas.cli;

import dev.paas.cli.app.GitRemote;
import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Session;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.terminal.Terminal;
import dev.paas.cli.terminal.Tty;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Runs one command line of {@code paas}; keeps no state and never ends the process. */
public final class PaasCommand {

  private static final List<String> OPTIONS_WITH_VALUE = List.of("-a", "--app");

  private static final int UNAUTHENTICATED = 401;

  private final Terminal terminal;
  private final boolean local;
  private final Optional<Tty> tty;
  private final Supplier<Optional<String>> usualApp;
  private final Cancellation cancellation;

  PaasCommand(
      Terminal terminal,
      boolean local,
      Optional<Tty> tty,
      Supplier<Optional<String>> usualApp,
      Cancellation cancellation) {
    this.cancellation = cancellation;
    this.terminal = terminal;
    this.local = local;
    this.tty = tty;
    this.usualApp = usualApp;
  }

  /**
   * Runs a command for somebody elsewhere, e.g. over ssh: nothing is asked, and no file and no git
   * repository of this machine is looked at.
   *
   * @return the exit code
   */
  public static int run(
      List<String> args, InputStream in, PrintStream out, PrintStream err, Endpoint endpoint) {
    return run(args, in, out, err, endpoint, new Cancellation(), Optional.empty());
  }

  /**
   * As above, with a way to end it when the person who called it is gone, and the terminal that
   * this person sits at.
   */
  public static int run(
      List<String> args,
      InputStream in,
      PrintStream out,
      PrintStream err,
      Endpoint endpoint,
      Cancellation cancellation,
      Optional<? extends Tty> tty) {
    Terminal terminal = new Terminal(in, out, err, false, true, false);
    return new PaasCommand(
            terminal, false, tty.map(Function.identity()), Optional::empty, cancellation)
        .run(args, endpoint);
  }

  int run(List<String> args, Endpoint endpoint) {
    try {
      return dispatch(args, endpoint);
    } catch (UsageException misunderstood) {
      return explain(misunderstood.what(), misunderstood.fix(), ExitCode.USAGE);
    } catch (ApiProblem problem) {
      return problem.status() == UNAUTHENTICATED && local
          ? explain(
              endpoint.token() == null ? "You are not logged in" : "Your token is not valid",
              "paas login URL, with a token from: ssh -p 2222 paas@HOST tokens:create laptop",
              ExitCode.NOT_ALLOWED)
          : explain(problem.what(), problem.fix(), ExitCode.of(problem.status()));
    } catch (IOException broken) {
      String why = broken.getMessage() == null ? broken.toString() : broken.getMessage();
      return explain(why, "Check the file or the connection that this names.", ExitCode.FAILED);
    } finally {
      terminal.out().flush();
      terminal.err().flush();
    }
  }

  private int dispatch(List<String> args, Endpoint endpoint) throws ApiProblem, IOException {
    List<String> words = new ArrayList<>(args);
    List<String> leading = takeLeadingOptions(words);
    if (words.isEmpty() || words.get(0).equals("help")) {
      return help(words.isEmpty() ? List.of() : words.subList(1, words.size()));
    }
    Catalog entry = takeCommand(words);
    ApiCommand command = entry.build();
    leading.addAll(words);
    try {
      if (!command.read(leading)) {
        command.help(entry.canonical(), terminal.out());
        return ExitCode.OK;
      }
    } catch (UsageException misunderstood) {
      throw misunderstood.fix().isEmpty()
          ? new UsageException(misunderstood.what(), "See paas help " + entry.canonical() + ".")
          : misunderstood;
    }
    ApiClient api = new ApiClient(endpoint, cancellation);
    Supplier<Optional<String>> app =
        () -> usualApp.get().or(() -> local ? GitRemote.appOfClone(api) : Optional.empty());
    command.use(new Session(api, terminal, local, tty, app));
    return command.run();
  }

  /** Options of commands may also stand before the command: {@code paas -a shop ps}. */
  private static List<String> takeLeadingOptions(List<String> words) {
    List<String> options = new ArrayList<>();
    while (!words.isEmpty() && words.get(0).startsWith("-")) {
      String option = words.remove(0);
      switch (option) {
        case "-h", "--help" -> words.add(0, "help");
        case "-V", "--version" -> words.addAll(0, List.of("version", "--client"));
        default -> {
          options.add(option);
          if (OPTIONS_WITH_VALUE.contains(option) && !words.isEmpty()) {
            options.add(words.remove(0));
          }
        }
      }
    }
    return options;
  }

  /**
   * Two words before one: {@code config set} is not {@code config}. What follows {@code run} is a
   * command of the app, whatever it is called.
   */
  private static Catalog takeCommand(List<String> words) {
    String first = words.remove(0);
    String second = words.isEmpty() ? null : words.get(0);
    Optional<Catalog> pair =
        second == null || first.equals("run")
            ? Optional.empty()
            : Catalog.named(first + " " + second);
    if (pair.isPresent()) {
      words.remove(0);
      return pair.get();
    }
    return Catalog.named(first).orElseThrow(() -> unknown(first, second));
  }

  private static UsageException unknown(String first, @Nullable String second) {
    String both = second == null || second.startsWith("-") ? first : first + ":" + second;
    Optional<String> meant = Catalog.nearest(first).or(() -> Catalog.nearest(both));
    return new UsageException(
        "There is no command " + first,
        meant
            .map(name -> "Did you mean paas " + name + "?")
            .orElse("See paas help for the commands."));
  }

  private int help(List<String> about) {
    if (!about.isEmpty()) {
      List<String> words = new ArrayList<>(about);
      Catalog entry = takeCommand(words);
      entry.build().help(entry.canonical(), terminal.out());
      return ExitCode.OK;
    }
    PrintStream out = terminal.out();
    out.println("Usage: paas COMMAND [-a APP] [--json] …");
    out.println();
    out.println(
        """
        First steps:
          paas login https://api.example.org    once, with a token of the platform
          paas create shop                      in your git repository
          git push paas main
          paas open
          paas logs -f\
        """);
    for (Catalog entry : Catalog.values()) {
      entry.heading().ifPresent(heading -> out.println("\n" + heading + ":"));
      out.println(String.format("  %-26s%s", entry.usage(), entry.summary()));
    }
    out.println(
        """

        paas help COMMAND shows its options and an example. Commands of two words take a
        colon or a blank: paas config:set, paas config set.
        The app is -a APP, else PAAS_APP, else that of the git remote called paas or of
        a clone's.
        The platform is PAAS_API and PAAS_TOKEN, else that of paas login.
        Exit codes: 0 done, 1 failed, 2 not understood, 3 not found, 4 not allowed,
        5 the platform does not answer; paas run and exec end with that of their command
        (125 not run, 126 can't be run, 127 not found, 128+n ended by signal n).\
        """);
    return ExitCode.OK;
  }

  private int explain(String what, String fix, int code) {
    terminal.out().flush();
    terminal.err().println("error: " + terminal.safe(what));
    if (!fix.isEmpty()) {
      terminal.err().println("fix: " + terminal.safe(fix));
    }
    return code;
  }

  /** A stream of text in UTF-8 that passes every line on at once. */
  public static PrintStream utf8(OutputStream to) {
    return new PrintStream(to, true, StandardCharsets.UTF_8);
  }
}
