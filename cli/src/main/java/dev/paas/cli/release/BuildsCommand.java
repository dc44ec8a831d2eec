package dev.paas.cli.release;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;

/** {@code paas builds}. */
public final class BuildsCommand extends AppCommand {

  private static final int SHORT_COMMIT = 7;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List the builds of an app, newest first.").example("paas builds -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json builds = api().get(path("/builds"));
    if (!printed(builds)) {
      Table table = new Table("ID", "STATE", "COMMIT", "CREATED", "PROBLEM");
      for (Json build : builds.items()) {
        String commit = build.text("commit");
        table.row(
            build.text("id"),
            build.text("state"),
            commit.substring(0, Math.min(SHORT_COMMIT, commit.length())),
            when(build.text("createdAt")),
            build.get("problem").text("what"));
      }
      table.print(out(), "No builds yet. Deploy with: git push paas main");
    }
    return ExitCode.OK;
  }
}
