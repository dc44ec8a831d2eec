package dev.paas.cli.command;

import dev.paas.cli.http.ApiClient;
import org.jspecify.annotations.Nullable;

/** A command about one app. */
public abstract class AppCommand extends ApiCommand {

  protected @Nullable String app;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.option(
        "-a, --app",
        "APP",
        "The app; else PAAS_APP, else the app of the git remote.",
        value -> app = value);
  }

  /** The app that is meant. */
  protected final String app() {
    if (app == null) {
      app =
          session()
              .usualApp()
              .get()
              .orElseThrow(
                  () ->
                      new UsageException(
                          "Which app?",
                          "Name it with -a APP, or run this in a repository with a git remote"
                              + " called paas (paas git:remote -a APP)."));
    }
    return app;
  }

  /** The path of something of the app, e.g. {@code /v1/apps/shop/ps}. */
  protected final String path(String below) {
    return "/v1/apps/" + ApiClient.escape(app()) + below;
  }
}
