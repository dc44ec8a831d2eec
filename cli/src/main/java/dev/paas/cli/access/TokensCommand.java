package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;

/** {@code paas tokens}. */
public final class TokensCommand extends AccessCommand {

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax.does("List your API tokens.").example("paas tokens");
  }

  @Override
  public int run() throws ApiProblem {
    Json tokens = api().get(path("/v1/tokens"));
    if (!printed(tokens)) {
      Table table = new Table("NAME", "STARTS WITH", "SCOPE", "EXPIRES", "LAST USED");
      for (Json token : tokens.items()) {
        String expires = seconds(token.text("expiresAt"));
        table.row(
            token.text("name"),
            token.text("prefix"),
            token.text("scope"),
            expires.isEmpty() ? "never" : expires,
            seconds(token.text("lastUsedAt")));
      }
      table.print(out(), "No tokens: paas tokens:create NAME.");
    }
    return ExitCode.OK;
  }
}
