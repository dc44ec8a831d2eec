package dev.paas.cli.release;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code paas rollback [vN]}. */
public final class RollbackCommand extends ChangeCommand {

  private @Nullable String to;

  private boolean keepConfig;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Make a new release from an old one, without a build: its code and its config vars.",
            "Without vN, of the last release that served before the one that serves now.",
            "A rollback that fails changes nothing.")
        .flag(
            "--keep-config",
            "Take back the code only; the config vars stay as they are.",
            () -> keepConfig = true)
        .optionalWord(
            "vN", "The release to go back to (default: the last that served).", value -> to = value)
        .example("paas rollback v3", "paas rollback --keep-config");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, Object> body = new HashMap<>();
    if (to != null) {
      body.put("to", Version.of(to));
    }
    if (keepConfig) {
      body.put("keepConfig", true);
    }
    Json asked = api().post(path("/rollback"), body);
    Json back = asked.get("rollback");
    if (back.isNull()) { // an older server's
      return follow(asked, "Rolled back; {release} serves.");
    }
    String what = back.text("to") + " (" + terminal().safe(back.text("description")) + ")";
    terminal().progress("Rolling back to " + what + ". " + vars(back, true));
    return follow(asked, "Rolled back to " + what + "; {release} serves. " + vars(back, false));
  }

  private String vars(Json back, boolean future) {
    List<String> names = back.get("vars").items().stream().map(Json::text).toList();
    if (names.isEmpty()) {
      return "No config var " + (future ? "changes." : "changed.");
    }
    return "Config vars that "
        + (future ? "change: " : "changed: ")
        + String.join(", ", names)
        + ".";
  }
}
