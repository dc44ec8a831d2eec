package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;

/** {@code paas keys}. */
public final class KeysCommand extends AccessCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List your SSH keys.").example("paas keys");
  }

  @Override
  public int run() throws ApiProblem {
    Json keys = api().get(path("/v1/keys"));
    if (!printed(keys)) {
      Table table = new Table("NAME", "USER", "FINGERPRINT");
      for (Json key : keys.items()) {
        table.row(key.text("name"), key.text("user"), key.text("fingerprint"));
      }
      table.print(out(), "No keys: paas keys:add NAME.");
    }
    return ExitCode.OK;
  }
}
