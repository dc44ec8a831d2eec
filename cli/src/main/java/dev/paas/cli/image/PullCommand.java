package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code paas image pull REF}. */
public final class PullCommand extends ApiCommand {

  private @Nullable String username;

  private String ref = "";

  private Json image = new Json(null);

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Pull an image from a registry into the platform's store, with the login of",
            "paas registry:login. What a user pulls is named USER/NAME.")
        .option(
            "-u, --username",
            "NAME",
            "Another user; the password is read from standard input.",
            value -> username = value)
        .word("REF", "HOST/NAME:TAG or HOST/NAME@DIGEST.", value -> ref = value)
        .example("paas image pull docker.io/library/debian:bookworm-slim");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    Map<String, String> body = new LinkedHashMap<>();
    body.put("ref", ref);
    if (username != null) {
      body.put("username", username);
      body.put("password", terminal().askHidden("Password: "));
    }
    api().stream(
        "/v1/images/pull", body, answer -> image = Steps.follow(answer, terminal(), "image"));
    if (image.isNull()) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER, "cli.cut-off", "The pull ended without an image", "Try again.");
    }
    if (!printed(image)) {
      out().println("Pulled " + ref + " as " + image.text("digest") + ".");
    }
    return ExitCode.OK;
  }
}
