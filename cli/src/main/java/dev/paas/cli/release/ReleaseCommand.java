package dev.paas.cli.release;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas releases:info vN}. */
public final class ReleaseCommand extends AppCommand {

  private String version = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show a release.")
        .word("vN", "The release.", value -> version = value)
        .example("paas releases:info v3");
  }

  @Override
  public int run() throws ApiProblem {
    Json release = api().get(path("/releases/") + ApiClient.escape(Version.of(version)));
    if (!printed(release)) {
      line("version", release.text("version"));
      line("status", ReleasesCommand.status(release));
      line("description", release.text("description"));
      line("commit", release.text("commit"));
      line("image", release.text("image"));
      line("config", release.text("configVersion"));
      line("user", release.text("user"));
      line("created", seconds(release.text("createdAt")));
      release
          .get("processes")
          .members()
          .forEach((type, command) -> line(type + ":", command.text()));
    }
    return ExitCode.OK;
  }

  private void line(String name, String value) {
    out().println(String.format("%-13s%s", name, value.isEmpty() ? "-" : terminal().safe(value)));
  }
}
