package dev.paas.cli.registry;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas registry:logout HOST}. */
public final class RegistryLogoutCommand extends ApiCommand {

  private String host = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Forget the user name and password of a registry.")
        .word("HOST", "The registry.", value -> host = value)
        .example("paas registry:logout ghcr.io");
  }

  @Override
  public int run() throws ApiProblem {
    api().delete("/v1/registries?host=" + ApiClient.escape(host));
    if (!printed(new Json(null))) {
      out().println("Logged out of " + host + ".");
    }
    return ExitCode.OK;
  }
}
