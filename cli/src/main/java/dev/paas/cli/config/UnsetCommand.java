package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code paas config:unset NAME…}. */
public final class UnsetCommand extends ChangeCommand {

  private final List<String> names = new ArrayList<>();
  private final BuildVars builds = new BuildVars();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Remove config vars: a new release with the same image.")
        .words("NAME", 1, "Vars to remove.", names::add)
        .example("paas config:unset GREETING", "paas config:unset --secret NPM_TOKEN");
    builds.declare(syntax);
  }

  @Override
  public int run() throws ApiProblem {
    if (builds.chosen()) {
      if (!printed(api().patch(path("/build/vars"), Map.of("unset", names)))) {
        out().println("Unset; it holds from the next push on.");
      }
      return ExitCode.OK;
    }
    Json changed = api().patch(path("/config"), Map.of("unset", names));
    return followConfig(changed, Assignments.names(names, "Unset ") + "; {release} serves.");
  }
}
