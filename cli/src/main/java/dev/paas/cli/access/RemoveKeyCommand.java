package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas keys:remove NAME}. */
public final class RemoveKeyCommand extends AccessCommand {

  private String name = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Remove an SSH key.")
        .word("NAME", "The key's name.", value -> name = value)
        .example("paas keys:remove laptop");
  }

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/v1/keys/" + ApiClient.escape(name)));
    if (!printed(new Json(null))) {
      out().println("Removed the key " + name + ".");
    }
    return ExitCode.OK;
  }
}
