package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas image rm REF}. */
@Command(
    name = "image rm",
    description = "Remove a name of an image; what no name and no release needs goes.",
    footer = {"", "Example:", "  paas image rm debian:bookworm-slim"})
public final class RemoveImageCommand extends ApiCommand {

  @Parameters(paramLabel = "REF", description = "The name or digest.")
  private String ref = "";

  @Override
  public int run() throws ApiProblem {
    api().delete("/v1/images?ref=" + ApiClient.escape(ref));
    if (!printed(new Json(null))) {
      out().println("Removed " + ref + ".");
    }
    return ExitCode.OK;
  }
}
