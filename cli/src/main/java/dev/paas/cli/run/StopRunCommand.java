package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;

/** Ends a command. */
public final class StopRunCommand extends AppCommand {

  private String id = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Ask a command to end, and kill it if it does not.")
        .word("ID", "From paas run:list.", value -> id = value)
        .example("paas run:stop -a shop 4f1c0a9be2d3");
  }

  @Override
  public int run() throws ApiProblem {
    api().delete(path("/runs/") + ApiClient.escape(id));
    if (!json) {
      out().println("Stopped " + id + ".");
    }
    return ExitCode.OK;
  }
}
