package dev.paas.cli.domain;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;

/** {@code paas domains:add HOST}. */
public final class AddDomainCommand extends AppCommand {

  private String host = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Let an app answer to a host name; point its DNS here.")
        .word("HOST", "The host name.", value -> host = value)
        .example("paas domains:add www.example.org");
  }

  @Override
  public int run() throws ApiProblem {
    Json added = api().post(path("/domains"), Map.of("host", host));
    if (!printed(added)) {
      out().println(app() + " answers to " + added.text("host") + ".");
    }
    return ExitCode.OK;
  }
}
