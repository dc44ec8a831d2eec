package dev.paas.cli.image;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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
        .does("Pull an image from a registry into the platform's store.")
        .option(
            "-u, --username",
            "NAME",
            "User of the registry; the password is read from standard input.",
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
      body.put("password", terminal().ask(terminal().interactive() ? "Password: " : ""));
    }
    api().stream("/v1/images/pull", body, this::follow);
    if (image.isNull()) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER, "cli.cut-off", "The pull ended without an image", "Try again.");
    }
    if (!printed(image)) {
      out().println("Pulled " + ref + " as " + image.text("digest") + ".");
    }
    return ExitCode.OK;
  }

  private void follow(InputStream answer) throws IOException, ApiProblem {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    try (ProgressLine shown = new ProgressLine(terminal())) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Json step = Json.parse(line);
        if (!step.get("problem").isNull()) {
          throw ApiProblem.of(422, step.get("problem"));
        }
        if (!step.get("image").isNull()) {
          image = step.get("image");
        }
        String progress = step.text("progress");
        if (!progress.isEmpty()) {
          shown.show(progress, step.number("doneBytes"), step.number("totalBytes"));
        }
      }
    }
  }
}
