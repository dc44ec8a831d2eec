package dev.paas.cli.access;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.http.Endpoint;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas login URL}. */
@Command(
    name = "login",
    description = {
      "Keep the address of a platform and a token for it in ~/.config/paas/config.toml (0600).",
      "The token is read from standard input."
    },
    footer = {"", "Example:", "  paas login https://api.example.org <token.txt"})
public final class LoginCommand extends ApiCommand {

  @Parameters(paramLabel = "URL", description = "The address of the API.")
  private String url = "";

  @Override
  public int run() throws ApiProblem, IOException {
    if (!session().local()) {
      throw new UsageException("Over ssh your key is your login", "Run this on your own machine.");
    }
    String token = terminal().ask(terminal().interactive() ? "Token: " : "");
    if (!token.matches("[A-Za-z0-9_-]+") || !url.matches("https?://[^\"\\\\\\s]+")) {
      throw new UsageException(
          "This is no login", "Give an address like https://api.example.org and a token paas_….");
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
