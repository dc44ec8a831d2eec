package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.http.ApiProblem;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas restart [TYPE]}. */
@Command(
    name = "restart",
    description = "Start new instances, switch to them, stop the old ones.",
    footer = {"", "Example:", "  paas restart worker"})
public final class RestartCommand extends ChangeCommand {

  @Parameters(arity = "0..1", paramLabel = "TYPE", description = "Only this process type.")
  private @Nullable String process;

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = process == null ? Map.of() : Map.of("process", process);
    return follow(api().post(path("/restart"), body), "Restarted.");
  }
}
