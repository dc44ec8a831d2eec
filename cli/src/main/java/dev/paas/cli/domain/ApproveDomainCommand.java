package dev.paas.cli.domain;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;

/** {@code paas domains:approve HOST}. */
public final class ApproveDomainCommand extends AppCommand {

  private String host = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Say that a pending host name is the app's; for admins.")
        .word("HOST", "The host name.", value -> host = value)
        .example("paas domains:approve www.example.org");
  }

  @Override
  public int run() throws ApiProblem {
    Json approved = api().post(path("/domains/") + ApiClient.escape(host) + "/approve", Map.of());
    if (!printed(approved)) {
      out().println(app() + " answers to " + host + ".");
    }
    return ExitCode.OK;
  }
}
