package dev.paas.cli;

import dev.paas.cli.access.Login;
import dev.paas.cli.app.GitRemote;
import dev.paas.cli.http.Cancellation;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.run.LocalTty;
import dev.paas.cli.terminal.Terminal;
import dev.paas.cli.terminal.Tty;
import java.io.BufferedInputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code paas} command as a process. */
public final class Main {

  private Main() {}

  public static void main(String[] args) {
    System.exit(run(List.of(args), System.getenv()));
  }

  private static int run(List<String> args, Map<String, String> environment) {
    // Own streams: System.out is in the charset of the locale, and C is no reason to lose an ö.
    PrintStream out = PaasCommand.utf8(new FileOutputStream(FileDescriptor.out));
    PrintStream err = PaasCommand.utf8(new FileOutputStream(FileDescriptor.err));
    // Its own readNBytes seeks, which a pipe can't.
    InputStream in = new BufferedInputStream(new FileInputStream(FileDescriptor.in));
    // Set by the launcher when the standard streams are a terminal: Java can't tell before 22.
    boolean interactive = Boolean.getBoolean("paas.terminal");
    boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    Terminal terminal =
        new Terminal(in, out, err, interactive, Boolean.getBoolean("paas.watched"), colour);
    Endpoint endpoint;
    try {
      endpoint = Login.current(environment, Login.file(environment));
    } catch (IOException unreadable) {
      err.println("error: " + unreadable.getMessage());
      err.println("fix: Correct the file, or run paas login URL.");
      return 2;
    }
    Optional<Tty> tty =
        interactive
            ? Optional.of(new LocalTty(environment.getOrDefault("TERM", "")))
            : Optional.empty();
    return new PaasCommand(terminal, true, tty, () -> usualApp(environment), new Cancellation())
        .run(args, endpoint);
  }

  private static Optional<String> usualApp(Map<String, String> environment) {
    String named = environment.getOrDefault("PAAS_APP", "");
    return named.isEmpty() ? GitRemote.app() : Optional.of(named);
  }
}
