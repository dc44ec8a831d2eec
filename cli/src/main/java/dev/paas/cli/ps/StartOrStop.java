package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Stops the instances of an app or of one process type, or starts as many as there were. */
abstract sealed class StartOrStop extends ChangeCommand permits StartCommand, StopCommand {

  private final String resource;
  private final String done;
  private @Nullable String process;

  /**
   * @param resource the last part of the path that is posted to
   * @param done the word before the processes when it is done
   */
  StartOrStop(String resource, String done) {
    this.resource = resource;
    this.done = done;
  }

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.optionalWord("TYPE", "Only this process type.", value -> process = value);
  }

  @Override
  public final int run() throws ApiProblem {
    Map<String, String> body = process == null ? Map.of() : Map.of("process", process);
    Json asked = api().post(path(resource), body);
    String processes =
        asked.get("processes").members().entrySet().stream()
            .map(entry -> entry.getKey() + "=" + entry.getValue().text())
            .collect(Collectors.joining(" "));
    return follow(asked, done + ": " + processes + ".");
  }
}
