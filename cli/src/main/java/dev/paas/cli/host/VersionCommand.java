package dev.paas.cli.host;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas version}. */
public final class VersionCommand extends ApiCommand {

  private boolean client;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show the version of this command and of the platform.")
        .flag("--client", "This command's version alone; asks no platform.", () -> client = true)
        .example("paas version");
  }

  @Override
  public int run() throws ApiProblem {
    if (client || !json) {
      // Known without the platform, and what a report needs when that does not answer.
      String own = VersionCommand.class.getPackage().getImplementationVersion();
      out().println("paas      " + (own == null ? "unpackaged" : own));
    }
    if (client) {
      return ExitCode.OK;
    }
    Json server = api().get("/v1/version");
    if (!printed(server)) {
      out().println("platform  " + server.text("version") + " (" + server.text("platform") + ")");
      out().println("domain    " + server.text("domain"));
    }
    return ExitCode.OK;
  }
}
