package dev.paas.cli.access;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.nio.file.Path;

/** {@code paas login URL}. */
public final class LoginCommand extends ApiCommand {

  private String url = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Keep the address of a platform and a token for it in ~/.config/paas/config.toml (0600).",
            "The token is read from standard input.")
        .word("URL", "The address of the API.", value -> url = value)
        .example("paas login https://api.example.org <token.txt");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    if (!session().local()) {
      throw new UsageException("Over ssh your key is your login", "Run this on your own machine.");
    }
    if (!url.matches("https?://[^\"\\\\\\s]+")) {
      throw new UsageException(
          "The address must begin with http:// or https://: " + url,
          "Give the address of the API, like https://api.example.org.");
    }
    String token = terminal().askHidden("Token (not shown): ");
    if (!token.matches("[A-Za-z0-9_-]+")) {
      throw new UsageException(
          token.isEmpty() ? "No token was given" : "This is not a token",
          "Make one on the server or over ssh: paas tokens:create laptop. It begins with paas_.");
    }
    Endpoint endpoint = new Endpoint(url, token);
    Json apps = new ApiClient(endpoint).get("/v1/apps");
    Path file = Login.file(System.getenv());
    Login.keep(file, endpoint.url(), token);
    if (!printed(apps)) {
      out().println("Logged in at " + endpoint.url() + "; kept in " + file + ".");
    }
    return ExitCode.OK;
  }
}
