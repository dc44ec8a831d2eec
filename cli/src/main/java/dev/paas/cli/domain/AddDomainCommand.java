package dev.paas.cli.domain;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas domains:add HOST}. */
@Command(
    name = "domains:add",
    description = "Let an app answer to a host name; point its DNS here.",
    footer = {"", "Example:", "  paas domains:add www.example.org"})
public final class AddDomainCommand extends AppCommand {

  @Parameters(paramLabel = "HOST", description = "The host name.")
  private String host = "";

  @Override
  public int run() throws ApiProblem {
    Json added = api().post(path("/domains"), Map.of("host", host));
    if (!printed(added)) {
      out().println(app() + " answers to " + added.text("host") + ".");
    }
    return ExitCode.OK;
  }
}
