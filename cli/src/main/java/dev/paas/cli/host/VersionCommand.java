package dev.paas.cli.host;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import picocli.CommandLine.Command;

/** {@code paas version}. */
@Command(
    name = "version",
    description = "Show the version of this command and of the platform.",
    footer = {"", "Example:", "  paas version"})
public final class VersionCommand extends ApiCommand {

  @Override
  public int run() throws ApiProblem {
    Json server = api().get("/v1/version");
    if (!printed(server)) {
      String own = VersionCommand.class.getPackage().getImplementationVersion();
      out().println("paas      " + (own == null ? "unpackaged" : own));
      out().println("platform  " + server.text("version") + " (" + server.text("platform") + ")");
      out().println("domain    " + server.text("domain"));
    }
    return ExitCode.OK;
  }
}
