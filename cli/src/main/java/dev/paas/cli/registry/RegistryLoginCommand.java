package dev.paas.cli.registry;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code paas registry:login HOST}. */
public final class RegistryLoginCommand extends ApiCommand {

  private String host = "";
  private String username = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Keep a user name and password for a registry; image pull and push use them.",
            "The password is asked for, or read from standard input.")
        .required("-u, --username", "NAME", "The user name.", value -> username = value)
        .word("HOST", "The registry, e.g. ghcr.io.", value -> host = value)
        .example("paas registry:login ghcr.io -u ann <token.txt");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("host", host);
    body.put("username", username);
    body.put("password", terminal().askHidden("Password: "));
    Json login = api().post("/v1/registries", body);
    if (!printed(login)) {
      out().println("Logged in to " + login.text("host") + " as " + login.text("username") + ".");
    }
    return ExitCode.OK;
  }
}
