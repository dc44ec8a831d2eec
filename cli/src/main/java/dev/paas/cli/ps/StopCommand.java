package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code paas ps:stop [TYPE]}. */
public final class StopCommand extends ChangeCommand {

  private @Nullable String process;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Stop all instances of an app, or of one process type; paas ps:start brings them back.",
            "Requests get 503 meanwhile; config, releases and domains stay.")
        .optionalWord("TYPE", "Only this process type.", value -> process = value)
        .example("paas ps:stop -a shop", "paas ps:stop worker");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = process == null ? Map.of() : Map.of("process", process);
    Json asked = api().post(path("/stop"), body);
    String processes =
        asked.get("processes").members().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().text())
            .collect(Collectors.joining(" "));
    return follow(asked, "Stopped: " + processes + ".");
  }
}
