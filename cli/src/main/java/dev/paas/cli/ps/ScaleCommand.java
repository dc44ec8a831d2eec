package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code paas scale TYPE=N…}. */
public final class ScaleCommand extends ChangeCommand {

  private final List<String> wanted = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Set how many instances of a process type run; without any, show it.",
            "Instances that stay are not touched.")
        .words("TYPE=N", 0, "E.g. web=4.", wanted::add)
        .example("paas scale web=4 worker=1");
  }

  @Override
  public int run() throws ApiProblem {
    if (wanted.isEmpty()) {
      Json formation = api().get(path("/ps")).get("formation");
      if (!printed(formation)) {
        formation.members().forEach((type, n) -> out().println(type + "=" + n.text()));
      }
      return ExitCode.OK;
    }
    Map<String, Long> processes = new LinkedHashMap<>();
    for (String word : wanted) {
      int equals = word.indexOf('=');
      processes.put(word.substring(0, Math.max(equals, 0)), number(word, equals));
    }
    return follow(
        api().post(path("/scale"), Map.of("processes", processes)),
        "Scaled to " + String.join(" ", wanted) + ".");
  }

  private static long number(String word, int equals) {
    try {
      if (equals > 0) {
        return Long.parseLong(word.substring(equals + 1));
      }
    } catch (NumberFormatException notOne) {
      // Said below.
    }
    throw new UsageException("This is not a scale: " + word, "Write TYPE=N, e.g. web=4.");
  }
}
