package dev.paas.cli.run;

import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import java.io.IOException;
import java.util.Map;

/**
 * A command on the platform, beside the connection that carries its streams.
 *
 * @param terminals the path of the app's terminals, or those of images
 * @param id empty while it has none
 */
record StartedCommand(ApiClient api, String terminals, String id) {

  private String path() {
    return terminals.substring(0, terminals.lastIndexOf('/')) + "/runs/" + ApiClient.escape(id);
  }

  /** Sends it a signal, past whatever input it has not read. */
  void signal(int number) {
    try {
      api.stream(path() + "/signal", Map.of("signal", number), answer -> {});
    } catch (ApiProblem notTaken) {
      // It is over, or the platform is away: whoever reads the output says so.
      return;
    }
  }

  /** Asks it to end, and waits for that; it is killed when it takes too long. */
  void stop() {
    try {
      api.delete(path());
    } catch (ApiProblem away) {
      // It ends when nobody has been attached to it for long enough.
      return;
    }
  }

  /** What is said when the connection broke. */
  ApiProblem cutOff(IOException cut) {
    return id.isEmpty()
        ? new ApiProblem(
            ApiProblem.NO_ANSWER,
            "cli.cut-off",
            "The connection broke before the command began (" + cut.getMessage() + ")",
            "Try again; see paas run:list.")
        : new ApiProblem(
            ApiProblem.NO_ANSWER,
            "cli.cut-off",
            "The connection broke (" + cut.getMessage() + "); the command goes on for a while",
            terminals.startsWith("/v1/apps/")
                ? "Attach to it again: paas run:attach " + id + "."
                : "It is ended soon; run it again.");
  }
}
