package dev.paas.cli.build;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.ProgressLine;

/** {@code paas builds:cache}. */
public final class BuildCacheCommand extends ApiCommand {

  private boolean clear;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Show what is kept to make the builds of your apps faster: layers of steps, base",
            "images that builds fetched, and the folders of RUN --mount=type=cache.")
        .flag("--clear", "Forget all of it; the next builds take longer.", () -> clear = true)
        .example("paas builds:cache", "paas builds:cache --clear");
  }

  @Override
  public int run() throws ApiProblem {
    if (clear) {
      api().delete("/v1/builds/cache");
    }
    Json cache = api().get("/v1/builds/cache");
    if (!printed(cache)) {
      out()
          .println(
              ProgressLine.size(cache.number("bytes"))
                  + " beside your images: "
                  + cache.number("layers")
                  + " layers, and "
                  + cache.number("fetched")
                  + " base images that builds fetched.");
    }
    return ExitCode.OK;
  }
}
