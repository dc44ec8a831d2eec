package dev.paas.cli.release;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code paas rollback [vN]}. */
public final class RollbackCommand extends ChangeCommand {

  private @Nullable String to;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Make a new release from an old one and its config vars, without a build.")
        .optionalWord(
            "vN", "The release to go back to (default: the one before).", value -> to = value)
        .example("paas rollback v3");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, String> body = to == null ? Map.of() : Map.of("to", Version.of(to));
    return follow(
        api().post(path("/rollback"), body),
        "Rolled back, config vars included; {release} serves.");
  }
}
