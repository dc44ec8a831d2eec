package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas tokens:revoke NAME}. */
public final class RevokeTokenCommand extends AccessCommand {

  private String name = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Revoke an API token; it is refused at once.")
        .word("NAME", "The token's name.", value -> name = value)
        .example("paas tokens:revoke ci");
  }

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/v1/tokens/" + ApiClient.escape(name)));
    if (!printed(new Json(null))) {
      out().println("Revoked the token " + name + ".");
    }
    return ExitCode.OK;
  }
}
