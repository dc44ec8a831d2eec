package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas tokens:revoke NAME}. */
@Command(
    name = "tokens:revoke",
    description = "Revoke an API token; it is refused at once.",
    footer = {"", "Example:", "  paas tokens:revoke ci"})
public final class RevokeTokenCommand extends AccessCommand {

  @Parameters(paramLabel = "NAME", description = "The token's name.")
  private String name = "";

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/v1/tokens/" + ApiClient.escape(name)));
    if (!printed(new Json(null))) {
      out().println("Revoked the token " + name + ".");
    }
    return ExitCode.OK;
  }
}
