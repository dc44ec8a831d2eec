package dev.paas.cli.run;

import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Copies a run's output as the API streams it: a line of JSON for each part. */
final class OutputFrames {

  private final Terminal terminal;
  private final boolean json;
  private Optional<Json> end = Optional.empty();

  /**
   * @param json whether the lines themselves are printed
   */
  OutputFrames(Terminal terminal, boolean json) {
    this.terminal = terminal;
    this.json = json;
  }

  /** How the run ended; nothing when the stream ended without saying so. */
  Optional<Json> end() {
    return end;
  }

  void copy(InputStream answer) throws IOException, ApiProblem {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        continue;
      }
      Json frame = Json.parse(line);
      if (!frame.get("problem").isNull()) {
        throw ApiProblem.told(frame.get("problem"));
      }
      if (json) {
        terminal.out().println(line);
      }
      if (!frame.get("exit").isNull()) {
        end = Optional.of(frame);
        return;
      }
      if (!json) {
        long dropped = frame.number("dropped");
        if (dropped > 0) {
          terminal.err().println("The first " + dropped + " bytes of its output are gone.");
        }
        write(terminal.out(), frame.text("stdout"));
        write(terminal.err(), frame.text("stderr"));
      }
    }
  }

  private static void write(PrintStream to, String base64) throws IOException {
    if (!base64.isEmpty()) {
      try {
        to.write(Base64.getDecoder().decode(base64));
      } catch (IllegalArgumentException broken) {
        throw new IOException("the output is not base64", broken);
      }
      if (to.checkError()) {
        // Hanging up ends the run.
        throw new IOException("nobody reads the output any more");
      }
    }
  }
}
