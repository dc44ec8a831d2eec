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
    syntax
        .does(
            "List the releases of an app, newest first.",
            "STATUS: current (serves), superseded (served before), failed (never served),",
            "pending (on its way), image gone (a rollback can't reach it any more).")
        .example("paas releases -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json releases = api().get(path("/releases"));
    if (!printed(releases)) {
      Table table = new Table("VERSION", "STATUS", "DESCRIPTION", "USER", "CREATED");
      for (Json release : releases.items()) {
        table.row(
            release.text("version"),
            status(release),
            release.text("description"),
            release.text("user"),
            when(release.text("createdAt")));
      }
      table.print(out(), "No releases yet. Deploy with: git push paas main");
    }
    return ExitCode.OK;
  }

  /** What matters for a rollback to it. */
  static String status(Json release) {
    String state = release.text("state");
    if (state.isEmpty()) { // an older server's
      state = release.flag("current") ? "current" : "";
    }
    boolean gone = !release.flag("kept") && !state.equals("current") && !state.equals("failed");
    return gone ? "image gone" : state;
  }
}
