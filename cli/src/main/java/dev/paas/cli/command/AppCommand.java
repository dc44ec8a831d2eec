package dev.paas.cli.command;

import dev.paas.cli.http.ApiClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command about one app. */
public abstract class AppCommand extends ApiCommand {

  @Option(
      names = {"-a", "--app"},
      paramLabel = "APP",
      description = "The app; else PAAS_APP, else the app of the git remote paas.")
  protected @Nullable String app;

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
