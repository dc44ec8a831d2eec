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
      Table table = new Table("HOST", "KIND", "STATE");
      for (Json domain : domains.items()) {
        String kind = domain.flag("builtIn") ? "built in" : "added";
        table.row(domain.text("host"), kind, domain.text("state"));
      }
      table.print(out(), "No domains: paas domains:add HOST.");
      for (Json domain : domains.items()) {
        if (domain.text("state").equals("pending")) {
          Json challenge = domain.get("challenge");
          out().println();
          out().println(domain.text("host") + " waits: point its DNS here, or set the record");
          out().println(challenge.text("name") + " TXT " + challenge.text("value"));
        }
      }
    }
    return ExitCode.OK;
  }
}
