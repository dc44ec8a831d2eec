package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Runs a command inside an instance. */
public final class ExecCommand extends AppCommand {

  private static final Pattern INSTANCE = Pattern.compile("[a-z][a-z0-9-]*\\.[1-9][0-9]*");

  /** Images have one of them, and some have both. */
  private static final List<String> SHELL =
      List.of("sh", "-c", "command -v bash >/dev/null 2>&1 && exec bash; exec sh");

  private final TerminalOptions options = new TerminalOptions();
  private final List<String> words = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    options.declare(syntax);
    syntax
        .does(
            "Run a command inside an instance that runs, without one a shell.",
            "With a terminal where there is one here; its exit code is this command's:",
            "125 it was not run, 126 can't be run, 127 not found, 128+n ended by signal n.")
        .words(
            "INSTANCE COMMAND",
            0,
            "An instance like web.2, else web's first; and what to run.",
            words::add)
        .example("paas exec -a shop", "paas exec web.2 -- ls -l /tmp")
        .stopsAtWordsAfter(word -> INSTANCE.matcher(word).matches());
  }

  @Override
  public int run() throws ApiProblem, IOException {
    List<String> command = new ArrayList<>(words);
    String instance = "web";
    if (!command.isEmpty() && INSTANCE.matcher(command.get(0)).matches()) {
      instance = command.remove(0);
    }
    if (!command.isEmpty() && command.get(0).equals("--")) {
      command.remove(0);
    }
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("command", command.isEmpty() ? SHELL : command);
    request.put("process", instance);
    request.put("env", options.envOfTerminal(session()));
    request.put("tty", options.wantsTerminal(session()));
    return new TerminalClient(session(), path("/terminals"), true)
        .run(request, options.terminal(session()));
  }
}
