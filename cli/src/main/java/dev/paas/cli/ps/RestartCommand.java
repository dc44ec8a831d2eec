package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code paas restart [TYPE]}. */
public final class RestartCommand extends ChangeCommand {

  private @Nullable String process;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Start new instances, switch to them, stop the old ones.")
        .optionalWord("TYPE", "Only this process type.", value -> process = value)
        .example("paas restart worker");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = process == null ? Map.of() : Map.of("process", process);
    return follow(api().post(path("/restart"), body), "Restarted.");
  }
}
