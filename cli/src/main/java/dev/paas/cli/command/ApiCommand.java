package dev.paas.cli.command;

import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Age;
import dev.paas.cli.terminal.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A command of {@code paas}: {@link #declare} is its command line, {@link #run} what it does. */
public abstract class ApiCommand {

  protected boolean json;

  private @Nullable Session session;

  /** Says what options and words it has; what is read of them goes to its fields. */
  protected void declare(Syntax syntax) {
    syntax.flag("--json", "Print JSON.", () -> json = true);
  }

  public final void use(Session given) {
    session = given;
  }

  /**
   * Reads its options and words.
   *
   * @return false when its help was asked for
   */
  public final boolean read(List<String> line) {
    Syntax syntax = new Syntax();
    declare(syntax);
    return syntax.read(line);
  }

  /** Prints its help. */
  public final void help(String name, PrintStream out) {
    Syntax syntax = new Syntax();
    declare(syntax);
    syntax.print(name, out);
  }

  /** Does it; the answer is the exit code. */
  public abstract int run() throws ApiProblem, IOException;

  protected final Session session() {
    return Objects.requireNonNull(session, "a command runs in a session");
  }

  protected final ApiClient api() {
    return session().api();
  }

  protected final Terminal terminal() {
    return session().terminal();
  }

  protected final PrintStream out() {
    return terminal().out();
  }

  /** Prints the answer when --json was given; says whether it did. */
  protected final boolean printed(Json answer) {
    if (json) {
      out().println(Json.write(answer.value()));
    }
    return json;
  }

  /** Shows a line of what goes on; with --json the outcome alone is on standard output. */
  protected final void showLine(String line) {
    if (json) {
      terminal().progress(terminal().safe(line));
    } else {
      out().println(terminal().safe(line));
      out().flush();
    }
  }

  /** A time stamp of the API, to the second: {@code 2026-11-24T05:51:26Z}. */
  protected static String seconds(String time) {
    int dot = time.indexOf('.');
    return dot < 0 ? time : time.substring(0, dot) + "Z";
  }

  /** The same for a table: for a person how long ago it was. */
  protected final String when(String time) {
    return terminal().interactive() ? Age.of(time, Clock.systemUTC().instant()) : seconds(time);
  }
}
