package dev.paas.cli.ps;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;

/** {@code paas ps}. */
public final class PsCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List the instances of an app.").example("paas ps -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    Json ps = api().get(path("/ps"));
    if (printed(ps)) {
      return ExitCode.OK;
    }
    Table table = new Table("NAME", "STATE", "RELEASE", "PID", "MEMORY", "RESTARTS", "SINCE");
    for (Json instance : ps.get("instances").items()) {
      table.row(
          instance.text("name"),
          instance.text("state"),
          instance.text("release"),
          instance.text("pid"),
          memory(instance),
          instance.text("restarts"),
          when(instance.text("startedAt")));
    }
    table.print(out(), "No instances are running.");
    for (Json instance : ps.get("instances").items()) {
      String why = instance.get("lastExit").text("detail");
      if (!why.isEmpty() && !instance.text("state").equals("running")) {
        out().println(instance.text("name") + " last " + terminal().safe(why));
      }
    }
    return ExitCode.OK;
  }

  private static String memory(Json instance) {
    long limit = instance.number("memoryLimitBytes") >> 20;
    long used = instance.number("memoryBytes") >> 20;
    return limit == 0 ? used + "M" : used + "/" + limit + "M";
  }
}
