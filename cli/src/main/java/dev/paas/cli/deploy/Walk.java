package dev.paas.cli.deploy;

import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** What the platform says while it builds and deploys: its lines, and at last how it ended. */
final class Walk {

  /** The status of a deploy that was declined. */
  private static final int DECLINED = 422;

  private final Consumer<String> lines;
  private Json outcome = new Json(null);

  /**
   * @param lines takes each line as it comes
   */
  Walk(Consumer<String> lines) {
    this.lines = lines;
  }

  /** Reads an answer to its end. */
  void read(InputStream answer) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      Json item = Json.parse(line.isEmpty() ? "null" : line);
      if (!item.get("line").isNull()) {
        lines.accept(item.text("line"));
      } else if (!item.isNull()) {
        outcome = item;
      }
    }
  }

  /**
   * How it ended.
   *
   * @throws ApiProblem why it was declined, or that nobody said how it ended
   */
  Json outcome() throws ApiProblem {
    if (outcome.isNull()) {
      throw new ApiProblem(
          ApiProblem.NO_ANSWER,
          "cli.cut-off",
          "The connection broke while the deploy went on",
          "See what became of it: paas builds.");
    }
    if (!outcome.get("problem").isNull()) {
      throw ApiProblem.of(DECLINED, outcome.get("problem"));
    }
    return outcome;
  }
}
