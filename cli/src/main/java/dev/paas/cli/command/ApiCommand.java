package dev.paas.cli.command;

import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Terminal;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command of {@code paas}: its fields are its options, {@link #run} is what it does. */
public abstract class ApiCommand {

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  @Option(names = "--json", description = "Print the API's answer.")
  protected boolean json;

  private @Nullable Session session;

  public final void use(Session given) {
    session = given;
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

  /** A time stamp of the API, to the second: {@code 2026-11-24T05:51:26Z}. */
  protected static String seconds(String time) {
    int dot = time.indexOf('.');
    return dot < 0 ? time : time.substring(0, dot) + "Z";
  }
}
