package dev.paas.cli.ps;

import dev.paas.cli.command.Syntax;

/** {@code paas ps:stop [TYPE]}. */
public final class StopCommand extends StartOrStop {

  public StopCommand() {
    super("/stop", "Stopped");
  }

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Stop all instances of an app, or of one process type; paas ps:start brings them back.",
            "Requests get 503 meanwhile; config, releases and domains stay.")
        .example("paas ps:stop -a shop", "paas ps:stop worker");
  }
}
