package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas image rm REF}. */
public final class RemoveImageCommand extends ApiCommand {

  private String ref = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Remove a name of an image; what no name and no release needs goes.")
        .word("REF", "The name or digest.", value -> ref = value)
        .example("paas image rm debian:bookworm-slim");
  }

  @Override
  public int run() throws ApiProblem {
    api().delete("/v1/images?ref=" + ApiClient.escape(ref));
    if (!printed(new Json(null))) {
      out().println("Removed " + ref + ".");
    }
    return ExitCode.OK;
  }
}
