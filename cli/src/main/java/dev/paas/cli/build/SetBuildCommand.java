package dev.paas.cli.build;

import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code paas build:set NAME=VALUE…}. */
public final class SetBuildCommand extends BuildSettingsCommand {

  private final Map<String, String> set = new LinkedHashMap<>();

  @Override
  protected void declare(Syntax syntax) {
    declareApp(syntax)
        .does(
            "Say how the app is built, from the next push on: the folder of the repository, the",
            "Dockerfile in that folder, the stage of it, and the branch that deploys instead of",
            "main.")
        .words("NAME=VALUE", 1, "folder, dockerfile, target or branch, with its value.", this::add)
        .example("paas build:set folder=web dockerfile=docker/prod.Dockerfile target=release");
  }

  private void add(String word) {
    int equals = word.indexOf('=');
    if (equals <= 0) {
      throw new UsageException("This sets nothing: " + word, "Write e.g. folder=web.");
    }
    set.put(word.substring(0, equals), word.substring(equals + 1));
  }

  @Override
  public int run() throws ApiProblem {
    return show(api().patch(path("/build"), Map.of("set", set)));
  }
}
