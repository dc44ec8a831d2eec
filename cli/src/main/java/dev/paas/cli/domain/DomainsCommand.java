package dev.paas.cli.domain;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;

/** {@code paas domains}. */
public final class DomainsCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List the host names that an app answers to.").example("paas domains -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json domains = api().get(path("/domains"));
    if (!printed(domains)) {
      Table table = new Table("HOST", "KIND");
      for (Json domain : domains.items()) {
        table.row(domain.text("host"), domain.flag("builtIn") ? "built in" : "added");
      }
      table.print(out(), "No domains: paas domains:add HOST.");
    }
    return ExitCode.OK;
  }
}
