package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code paas config:set NAME=VALUE…}. */
public final class SetCommand extends ChangeCommand {

  private final List<String> assignments = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Set config vars: a new release with the same image.",
            "One NAME without a value has you asked for it, or reads it from standard input:",
            "it shows in no process list and on no screen.")
        .words("NAME=VALUE", 1, "Vars to set.", assignments::add)
        .example("paas config:set GREETING=hello", "paas config:set KEY <key.pem");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    Json changed = api().patch(path("/config"), Assignments.body(assignments, terminal()));
    return followConfig(changed, Assignments.names(assignments, "Set ") + "; {release} serves.");
  }
}
