package dev.paas.cli.build;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;

/** {@code paas build}. */
public class BuildSettingsCommand extends AppCommand {

  @Override
  protected void declare(Syntax syntax) {
    declareApp(syntax)
        .does(
            "Show how the app is built, as far as paas build:set has said it. The rest is found in",
            "the repository.")
        .example("paas build -a shop");
  }

  /** What all of them have. */
  protected final Syntax declareApp(Syntax syntax) {
    super.declare(syntax);
    return syntax;
  }

  @Override
  public int run() throws ApiProblem {
    return show(api().get(path("/build")));
  }

  /** Prints what is set, a line each. */
  protected final int show(Json answer) {
    if (!printed(answer)) {
      answer
          .get("settings")
          .members()
          .forEach((name, value) -> out().println(name + "=" + terminal().safe(value.text())));
    }
    return ExitCode.OK;
  }
}
