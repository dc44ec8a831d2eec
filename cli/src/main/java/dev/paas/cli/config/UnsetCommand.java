package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas config:unset NAME…}. */
@Command(
    name = "config:unset",
    description = "Remove config vars: a new release with the same image.",
    footer = {"", "Example:", "  paas config:unset GREETING"})
public final class UnsetCommand extends ChangeCommand {

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Vars to remove.")
  private List<String> names = new ArrayList<>();

  @Override
  public int run() throws ApiProblem {
    Json changed = api().patch(path("/config"), Map.of("unset", names));
    return followConfig(changed, "Unset; {release} serves.");
  }
}
