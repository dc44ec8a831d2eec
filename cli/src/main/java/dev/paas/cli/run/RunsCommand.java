package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;
import java.util.List;

/** Lists the commands of an app that can be attached to. */
public final class RunsCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "List commands that run or have ended lately, with what their IDs are for:",
            "run:attach, run:logs, run:stop.")
        .example("paas run:list -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json runs = api().get(path("/runs"));
    if (printed(runs)) {
      return ExitCode.OK;
    }
    Table table = new Table("ID", "IN", "STATE", "COMMAND");
    for (Json run : runs.items()) {
      List<String> words = run.get("command").items().stream().map(Json::text).toList();
      Json exit = run.get("exit");
      table.row(
          run.text("id"),
          run.text("instance"),
          exit.isNull() ? "runs" : "exit " + exit.number("code"),
          String.join(" ", words));
    }
    table.print(out(), "No commands are running.");
    return ExitCode.OK;
  }
}
