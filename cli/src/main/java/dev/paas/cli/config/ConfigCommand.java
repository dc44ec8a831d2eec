package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code paas config}: shows the vars, or sets those that are given. */
public final class ConfigCommand extends ChangeCommand {

  private static final int NOT_FOUND = 404;

  private boolean shell;

  private final List<String> assignments = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Show the config vars of an app, or set some. Below them are those of its builds,",
            "with their kind: build, or secret, whose value is never shown.")
        .flag("--shell", "Print NAME='value' lines that a shell can read.", () -> shell = true)
        .words("NAME=VALUE", 0, "Vars to set.", assignments::add)
        .example("paas config GREETING=hello");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    if (!assignments.isEmpty()) {
      Map<String, String> values = Assignments.values(assignments, terminal());
      Json changed = api().patch(path("/config"), Map.of("set", values));
      return follow(
          changed.get("deployment"),
          Assignments.names(assignments, "Set ") + "; {release} serves.");
    }
    Json config = api().get(path("/config"));
    if (shell && !json) {
      config
          .get("vars")
          .members()
          .forEach((name, value) -> out().println(name + "=" + quoted(value.text())));
      return ExitCode.OK;
    }
    Json builds = ofBuilds();
    if (!printed(all(config, builds))) {
      if (config.get("vars").members().isEmpty()) {
        terminal().progress("No config vars. Set one with: paas config:set NAME=VALUE");
      }
      show("", config.get("vars"));
      show("build ", builds.get("vars"));
      builds.get("secrets").items().forEach(name -> out().println("secret " + name.text()));
    }
    return ExitCode.OK;
  }

  private static String quoted(String value) {
    return "'" + value.replace("'", "'\\''") + "'";
  }

  private void show(String kind, Json vars) {
    vars.members()
        .forEach((name, value) -> out().println(kind + name + "=" + terminal().safe(value.text())));
  }

  private static Json all(Json config, Json builds) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    config.members().forEach((name, value) -> all.put(name, value.value()));
    all.put("build", builds.get("vars").value());
    all.put("secrets", builds.get("secrets").value());
    return new Json(all);
  }

  /** Nothing from a server of a version that has none. */
  private Json ofBuilds() throws ApiProblem {
    try {
      return api().get(path("/build/vars"));
    } catch (ApiProblem problem) {
      if (problem.status() != NOT_FOUND) {
        throw problem;
      }
      return new Json(Map.of());
    }
  }
}
