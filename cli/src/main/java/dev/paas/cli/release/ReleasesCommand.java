package dev.paas.cli.release;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;

/** {@code paas releases}. */
public final class ReleasesCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List the releases of an app, newest first.").example("paas releases -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json releases = api().get(path("/releases"));
    if (!printed(releases)) {
      Table table = new Table("VERSION", "", "DESCRIPTION", "USER", "CREATED");
      for (Json release : releases.items()) {
        table.row(
            release.text("version"),
            note(release),
            release.text("description"),
            release.text("user"),
            seconds(release.text("createdAt")));
      }
      table.print(out(), "No releases yet: git push paas main.");
    }
    return ExitCode.OK;
  }

  /** What matters for a rollback to it. */
  private static String note(Json release) {
    if (release.flag("current")) {
      return "current";
    }
    return release.flag("kept") ? " " : "image gone";
  }
}
