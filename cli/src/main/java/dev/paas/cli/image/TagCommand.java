package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code paas image tag SOURCE NAME}. */
public final class TagCommand extends ApiCommand {

  private String ref = "";
  private String name = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Give an image one more name; yours begin with your own: OWNER/NAME:TAG.")
        .word("SOURCE", "The name or digest.", value -> ref = value)
        .word("NAME", "The new name.", value -> name = value)
        .example("paas image tag debian:bookworm-slim ann/base:1");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("ref", ref);
    body.put("name", name);
    Json image = api().post("/v1/images/tag", body);
    if (!printed(image)) {
      out().println("Tagged " + ref + " as " + name + ".");
    }
    return ExitCode.OK;
  }
}
