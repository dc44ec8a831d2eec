package dev.paas.cli.build;

import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code paas build:unset NAME…}. */
public final class UnsetBuildCommand extends BuildSettingsCommand {

  private final List<String> names = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    declareApp(syntax)
        .does("Leave it to the platform again, from the next push on.")
        .words("NAME", 1, "folder, dockerfile, target or branch.", names::add)
        .example("paas build:unset target");
  }

  @Override
  public int run() throws ApiProblem {
    return show(api().patch(path("/build"), Map.of("unset", names)));
  }
}
