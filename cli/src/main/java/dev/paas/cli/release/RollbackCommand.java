package dev.paas.cli.release;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.http.ApiProblem;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas rollback [vN]}. */
@Command(
    name = "rollback",
    description = "Make a new release from an old one, without a build.",
    footer = {"", "Example:", "  paas rollback v3"})
public final class RollbackCommand extends ChangeCommand {

  @Parameters(
      arity = "0..1",
      paramLabel = "vN",
      description = "The release to go back to (default: the one before).")
  private @Nullable String to;

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = to == null ? Map.of() : Map.of("to", Version.of(to));
    return follow(api().post(path("/rollback"), body), "Rolled back; {release} serves.");
  }
}
