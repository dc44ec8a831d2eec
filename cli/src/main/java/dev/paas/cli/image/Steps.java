package dev.paas.cli.image;

import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;
import dev.paas.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** What the platform says while it pulls or pushes. */
public final class Steps {

  private Steps() {}

  /**
   * Shows the steps of an answer.
   *
   * @param last the name of the value that ends it
   * @return that value, or null when the answer ended without
   */
  public static Json follow(InputStream answer, Terminal terminal, String last)
      throws IOException, ApiProblem {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    Json end = new Json(null);
    try (ProgressLine shown = new ProgressLine(terminal)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Json step = Json.parse(line);
        if (!step.get("problem").isNull()) {
          throw ApiProblem.told(step.get("problem"));
        }
        if (!step.get(last).isNull()) {
          end = step.get(last);
        }
        String progress = step.text("progress");
        if (!progress.isEmpty()) {
          shown.show(progress, step.number("doneBytes"), step.number("totalBytes"));
        }
      }
    }
    return end;
  }
}
