package dev.paas.cli.domain;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas domains:remove HOST}. */
@Command(
    name = "domains:remove",
    description = "Let an app no longer answer to a host name.",
    footer = {"", "Example:", "  paas domains:remove www.example.org"})
public final class RemoveDomainCommand extends AppCommand {

  @Parameters(paramLabel = "HOST", description = "The host name.")
  private String host = "";

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/domains/") + ApiClient.escape(host));
    if (!printed(new Json(null))) {
      out().println(app() + " no longer answers to " + host + ".");
    }
    return ExitCode.OK;
  }
}
