package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Tty;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Attaches to a command that runs already. */
public final class AttachCommand extends AppCommand {

  private String id = "";
  private boolean onlyNew;
  private boolean input;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Attach to a command that runs: its output, input and exit code are this command's.",
            "It goes on when this ends. Input that is no terminal's is left alone without -i.")
        .flag("-n, --new", "Only what it prints from now on.", () -> onlyNew = true)
        .flag("-i, --stdin", "Send it this command's input, and its end.", () -> input = true)
        .word("ID", "From paas run:list.", value -> id = value)
        .example("paas run:attach -a shop 4f1c0a9be2d3");
  }

  @Override
  public int run() throws ApiProblem, IOException {
    Map<String, Object> request = new LinkedHashMap<>();
    request.put("session", id);
    request.put("position", onlyNew ? -1 : 0);
    Optional<Tty> tty = hasTerminal() ? session().tty() : Optional.empty();
    CommandStreams streams = CommandStreams.of(terminal());
    return new TerminalClient(session(), path("/terminals"), false)
        .run(request, tty, input || tty.isPresent() ? streams : streams.withoutInput());
  }

  private boolean hasTerminal() throws ApiProblem {
    for (Json run : api().get(path("/runs")).items()) {
      if (run.text("id").equals(id)) {
        return run.flag("tty");
      }
    }
    return false;
  }
}
