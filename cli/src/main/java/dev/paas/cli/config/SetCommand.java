package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code paas config:set NAME=VALUE…}. */
public final class SetCommand extends ChangeCommand {

  private final List<String> assignments = new ArrayList<>();
  private final BuildVars builds = new BuildVars();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Set config vars: a new release with the same image.",
            "One NAME without a value has you asked for it, or reads it from standard input:",
            "it shows in no process list and on no screen.",
            "",
            "With --build it is a var of builds: the value of an ARG that the Dockerfile",
            "declares, and the environment of a buildpack's steps. It may end up in the image.",
            "With --secret builds see it only where a step asks for it, by",
            "RUN --mount=type=secret,id=NAME, as a file in memory; steps of buildpacks find it",
            "in /run/secrets. Both hold from the next push on, and make no release.")
        .words("NAME=VALUE", 1, "Vars to set.", assignments::add)
        .example(
            "paas config:set GREETING=hello",
            "paas config:set KEY <key.pem",
            "paas config:set --build NODE_VERSION=22",
            "paas config:set --secret NPM_TOKEN");
    builds.declare(syntax);
  }

  @Override
  public int run() throws ApiProblem, IOException {
    boolean ofBuilds = builds.chosen();
    Map<String, String> values = Assignments.values(assignments, terminal());
    if (ofBuilds) {
      if (!printed(api().patch(path("/build/vars"), builds.setting(values)))) {
        out().println(builds.set());
      }
      return ExitCode.OK;
    }
    Json changed = api().patch(path("/config"), Map.of("set", values));
    return followConfig(changed, Assignments.names(assignments, "Set ") + "; {release} serves.");
  }
}
