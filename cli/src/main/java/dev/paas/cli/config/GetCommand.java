package dev.paas.cli.config;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas config:get NAME}. */
public final class GetCommand extends AppCommand {

  private String name = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Print the value of one config var.")
        .word("NAME", "The var.", value -> name = value)
        .example("paas config:get GREETING");
  }

  @Override
  public int run() throws ApiProblem {
    Json value = api().get(path("/config")).get("vars").get(name);
    if (value.isNull()) {
      throw new ApiProblem(
          404, "config.not-set", "This var is not set: " + name, "List them: paas config.");
    }
    if (!printed(value)) {
      out().println(value.text());
    }
    return ExitCode.OK;
  }
}
