package dev.paas.cli.domain;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas domains:remove HOST}. */
public final class RemoveDomainCommand extends AppCommand {

  private String host = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Remove a domain: the app no longer answers there.")
        .word("HOST", "The host name.", value -> host = value)
        .example("paas domains:remove www.example.org");
  }

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/domains/") + ApiClient.escape(host));
    if (!printed(new Json(null))) {
      out().println(app() + " no longer answers to " + host + ".");
    }
    return ExitCode.OK;
  }
}
