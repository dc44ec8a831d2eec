package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paas config}: shows the vars, or sets those that are given. */
@Command(
    name = "config",
    description = "Show the config vars of an app, or set some.",
    footer = {"", "Example:", "  paas config GREETING=hello"})
public final class ConfigCommand extends ChangeCommand {

  @Option(names = "--shell", description = "Print NAME='value' lines that a shell can read.")
  private boolean shell;

  @Parameters(arity = "0..*", paramLabel = "NAME=VALUE", description = "Vars to set.")
  private List<String> assignments = new ArrayList<>();

  @Override
  public int run() throws ApiProblem, IOException {
    if (!assignments.isEmpty()) {
      Json changed = api().patch(path("/config"), Assignments.body(assignments, terminal().in()));
      return follow(changed.get("deployment"), "Set; {release} serves.");
    }
    Json config = api().get(path("/config"));
    if (printed(config)) {
      return ExitCode.OK;
    }
    config
        .get("vars")
        .members()
        .forEach(
            (name, value) ->
                out()
                    .println(
                        shell
                            ? name + "='" + value.text().replace("'", "'\\''") + "'"
                            : name + "=" + terminal().safe(value.text())));
    return ExitCode.OK;
  }
}
