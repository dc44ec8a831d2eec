package dev.paas.cli.host;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Table;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code paas quota [USER] [NAME=VALUE…]}. */
public final class QuotaCommand extends ApiCommand {

  private final Map<String, String> amounts = new LinkedHashMap<>();
  private String user = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Show what you may take of the platform and what you have; for admins, show or set it",
            "for any user.")
        .words("[USER] [NAME=VALUE]", 0, "Whose, and what to set; default unsets.", this::take)
        .example("paas quota", "paas quota ann apps=60 memory=8GiB runs=default");
  }

  private void take(String word) {
    int equals = word.indexOf('=');
    if (equals > 0) {
      amounts.put(word.substring(0, equals), word.substring(equals + 1));
    } else if (equals < 0 && user.isEmpty() && amounts.isEmpty()) {
      user = word;
    } else {
      throw new UsageException(
          "This sets nothing: " + word, "Write paas quota USER NAME=VALUE, e.g. ann apps=60.");
    }
  }

  @Override
  public int run() throws ApiProblem {
    if (user.isEmpty() && !amounts.isEmpty()) {
      throw new UsageException("Whose quota?", "Write paas quota USER NAME=VALUE.");
    }
    String path = "/v1/quota" + (user.isEmpty() ? "" : "?user=" + ApiClient.escape(user));
    Json quota = amounts.isEmpty() ? api().get(path) : api().put(path, amounts);
    if (!printed(quota)) {
      Table table = new Table("NAME", "USED", "LIMIT", "");
      for (Json line : quota.get("quotas").items()) {
        String limit = line.text("limit");
        table.row(
            line.text("name"),
            line.text("used"),
            limit.isEmpty() ? "none" : limit,
            line.flag("given") ? "given" : "default");
      }
      table.print(out(), "No quotas.");
    }
    return ExitCode.OK;
  }
}
