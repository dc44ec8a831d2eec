package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;

/** Prints what a command has printed. */
public final class RunLogsCommand extends AppCommand {

  private String id = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Print what a command has printed, and follow it until it ends.")
        .word("ID", "From paas run:list.", value -> id = value)
        .example("paas run:logs -a shop 4f1c0a9be2d3");
  }

  @Override
  public int run() throws ApiProblem {
    OutputFrames frames = new OutputFrames(terminal(), json);
    api().stream(path("/runs/") + ApiClient.escape(id) + "/output", frames::copy);
    return ExitCode.OK;
  }
}
