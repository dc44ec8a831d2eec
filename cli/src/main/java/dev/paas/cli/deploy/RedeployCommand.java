package dev.paas.cli.deploy;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import java.util.Map;

/** {@code paas redeploy}. */
public final class RedeployCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Build what was pushed or deployed last again, and deploy it: with the build vars and",
            "secrets of now, and on the base image of now. Steps whose inputs are the same come",
            "from the cache. To start instances again without a build: paas restart.")
        .example("paas redeploy -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Walk walk = new Walk(this::showLine);
    api().stream(path("/redeploy"), Map.of(), walk::read);
    var unused = printed(walk.outcome());
    return ExitCode.OK;
  }
}
