package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code paas ps:start [TYPE]}. */
public final class StartCommand extends ChangeCommand {

  private @Nullable String process;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Start again what paas ps:stop stopped, as many as there were.")
        .optionalWord("TYPE", "Only this process type.", value -> process = value)
        .example("paas ps:start -a shop", "paas ps:start worker");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = process == null ? Map.of() : Map.of("process", process);
    Json asked = api().post(path("/start"), body);
    String processes =
        asked.get("processes").members().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().text())
            .collect(Collectors.joining(" "));
    return follow(asked, "Started: " + processes + ".");
  }
}
