package dev.paas.cli.access;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas whoami}. */
public final class WhoamiCommand extends ApiCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Print the name of the user that the platform knows you as.")
        .example("paas whoami", "paas whoami --json");
  }

  @Override
  public int run() throws ApiProblem {
    Json user = api().get("/v1/whoami");
    if (!printed(user)) {
      out().println(terminal().safe(user.text("user")));
    }
    return ExitCode.OK;
  }
}
