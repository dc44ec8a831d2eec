package dev.paas.cli.ps;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code paas restart [TYPE[.N]]}. */
public final class RestartCommand extends ChangeCommand {

  private static final Pattern PROCESS = Pattern.compile("([^.]+)(?:\\.([1-9]\\d{0,5}))?");

  private @Nullable String process;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Start new instances, switch to them, stop the old ones.",
            "One instance alone (web.1) is stopped and starts again; the others serve meanwhile.")
        .optionalWord("TYPE[.N]", "Only this process type or instance.", value -> process = value)
        .example("paas restart worker", "paas restart web.1");
  }

  @Override
  public int run() throws ApiProblem {
    if (process == null) {
      return follow(api().post(path("/restart"), Map.of()), "Restarted.");
    }
    Matcher named = PROCESS.matcher(process);
    if (!named.matches()) {
      throw new UsageException("This names no process: " + process, "Write web or web.1.");
    }
    if (named.group(2) == null) {
      return follow(api().post(path("/restart"), Map.of("process", process)), "Restarted.");
    }
    String slot = named.group(2);
    Json stopped =
        api()
            .post(
                path("/instances/" + ApiClient.escape(named.group(1)) + "/" + slot + "/restart"),
                Map.of());
    if (!printed(stopped)) {
      out().println(process + " stops and starts again: paas ps.");
    }
    return ExitCode.OK;
  }
}
