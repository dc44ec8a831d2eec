package dev.paas.cli.app;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code paas apps}. */
public final class AppsCommand extends ApiCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List your apps.").example("paas apps --json");
  }

  @Override
  public int run() throws ApiProblem {
    Json apps = api().get("/v1/apps");
    if (!printed(apps)) {
      Table table = new Table("NAME", "RELEASE", "PROCESSES", "URL");
      for (Json app : apps.items()) {
        table.row(
            app.text("name"),
            app.text("release"),
            formation(app.get("formation")),
            app.text("url"));
      }
      table.print(out(), "No apps yet: paas create NAME.");
    }
    return ExitCode.OK;
  }

  /** {@code web=2 worker=1}. */
  static String formation(Json formation) {
    return formation.members().entrySet().stream()
        .map((Map.Entry<String, Json> type) -> type.getKey() + "=" + type.getValue().text())
        .collect(Collectors.joining(" "));
  }
}
