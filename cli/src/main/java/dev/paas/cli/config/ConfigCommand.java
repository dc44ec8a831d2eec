package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code paas config}: shows the vars, or sets those that are given. */
public final class ConfigCommand extends ChangeCommand {

  private boolean shell;

  private final List<String> assignments = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show the config vars of an app, or set some.")
        .flag("--shell", "Print NAME='value' lines that a shell can read.", () -> shell = true)
        .words("NAME=VALUE", 0, "Vars to set.", assignments::add)
        .example("paas config GREETING=hello");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    if (!assignments.isEmpty()) {
      Json changed = api().patch(path("/config"), Assignments.body(assignments, terminal()));
      return follow(
          changed.get("deployment"),
          Assignments.names(assignments, "Set ") + "; {release} serves.");
    }
    Json config = api().get(path("/config"));
    if (printed(config)) {
      return ExitCode.OK;
    }
    if (config.get("vars").members().isEmpty() && !shell) {
      terminal().progress("No config vars. Set one with: paas config:set NAME=VALUE");
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
