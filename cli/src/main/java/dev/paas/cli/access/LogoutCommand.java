package dev.paas.cli.access;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** {@code paas logout}. */
public final class LogoutCommand extends ApiCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Forget the platform and the token that paas login kept.",
            "The token itself stays valid until paas tokens:revoke.")
        .example("paas logout");
  }

  @Override
  public int run() throws IOException {
    if (!session().local()) {
      throw new UsageException("Over ssh your key is your login", "Run this on your own machine.");
    }
    Path file = Login.file(System.getenv());
    boolean forgotten = Login.forget(file);
    if (!printed(new Json(Map.of("loggedOut", forgotten)))) {
      out().println(forgotten ? "Logged out: removed " + file + "." : "You were not logged in.");
    }
    return ExitCode.OK;
  }
}
