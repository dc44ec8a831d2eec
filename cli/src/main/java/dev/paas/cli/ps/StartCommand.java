package dev.paas.cli.ps;

import dev.paas.cli.command.Syntax;

/** {@code paas ps:start [TYPE]}. */
public final class StartCommand extends StartOrStop {

  public StartCommand() {
    super("/start", "Started");
  }

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Start again what paas ps:stop stopped, as many as there were.")
        .example("paas ps:start -a shop", "paas ps:start worker");
  }
}
