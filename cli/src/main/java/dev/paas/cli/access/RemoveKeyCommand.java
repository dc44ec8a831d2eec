package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas keys:remove NAME}. */
@Command(
    name = "keys:remove",
    description = "Remove an SSH key.",
    footer = {"", "Example:", "  paas keys:remove laptop"})
public final class RemoveKeyCommand extends AccessCommand {

  @Parameters(paramLabel = "NAME", description = "The key's name.")
  private String name = "";

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/v1/keys/" + ApiClient.escape(name)));
    if (!printed(new Json(null))) {
      out().println("Removed the key " + name + ".");
    }
    return ExitCode.OK;
  }
}
