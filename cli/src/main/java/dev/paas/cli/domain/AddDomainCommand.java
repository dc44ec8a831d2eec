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
  private boolean force;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Let an app answer to a host name, once it is proved to be yours: its DNS points here,",
            "or it has the TXT record that paas domains shows.")
        .flag("--force", "It needs no proof; for admins.", () -> force = true)
        .word("HOST", "The host name.", value -> host = value)
        .example("paas domains:add www.example.org");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, ?> body = force ? Map.of("host", host, "force", true) : Map.of("host", host);
    Json added = api().post(path("/domains"), body);
    if (!printed(added)) {
      if (added.text("state").equals("pending")) {
        Json challenge = added.get("challenge");
        out().println(app() + " will answer to " + added.text("host") + " once it is proved:");
        out().println("point its DNS here, or set the record");
        out().println(challenge.text("name") + " TXT " + challenge.text("value"));
      } else {
        out().println(app() + " answers to " + added.text("host") + ".");
      }
    }
    return ExitCode.OK;
  }
}
