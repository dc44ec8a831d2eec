package dev.paas.cli.registry;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;

/** {@code paas registry:list}. */
public final class RegistriesCommand extends ApiCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List the registries that you are logged in to.").example("paas registry:list");
  }

  @Override
  public int run() throws ApiProblem {
    Json logins = api().get("/v1/registries");
    if (!printed(logins)) {
      Table table = new Table("HOST", "USER", "SINCE");
      for (Json login : logins.items()) {
        table.row(login.text("host"), login.text("username"), seconds(login.text("createdAt")));
      }
      table.print(out(), "No logins: paas registry:login HOST.");
    }
    return ExitCode.OK;
  }
}
