package dev.paas.cli.release;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code paas builds:cancel [ID]}. */
public final class CancelBuildCommand extends AppCommand {

  private @Nullable String id;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "End a build that is queued or running.",
            "What runs of it is killed; the push that waits for it is declined.")
        .optionalWord(
            "ID", "The build, from paas builds (default: the one that runs).", v -> id = v)
        .example("paas builds:cancel", "paas builds:cancel 7 -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    String build = id == null ? open() : id;
    Json cancelled = api().post(path("/builds/") + ApiClient.escape(build) + "/cancel", Map.of());
    if (!printed(cancelled)) {
      out().println("Build " + terminal().safe(build) + " of " + app() + " is cancelled.");
    }
    return ExitCode.OK;
  }

  /** The oldest that has not ended: the one that runs, if any does. */
  private String open() throws ApiProblem {
    String found = "";
    for (Json build : api().get(path("/builds")).items()) {
      String state = build.text("state");
      if (state.equals("running") || state.equals("queued")) {
        found = build.text("id");
      }
    }
    if (found.isEmpty()) {
      throw new ApiProblem(
          NOTHING_TO_DO,
          "build.none-open",
          "No build of " + app() + " is queued or running",
          "See its builds with paas builds.");
    }
    return found;
  }

  /** The status of an answer that would have said so. */
  private static final int NOTHING_TO_DO = 409;
}
