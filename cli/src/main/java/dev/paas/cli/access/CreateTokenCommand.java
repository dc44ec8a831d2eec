package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code paas tokens:create NAME}. */
public final class CreateTokenCommand extends AccessCommand {

  private static final Pattern TIME = Pattern.compile("(\\d{1,6})([smhd])");

  private @Nullable String expires;

  private @Nullable String scope;

  private String name = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Make an API token. It is shown this once.")
        .option(
            "--expires",
            "TIME",
            "How long it is good for: 30m, 12h, 90d (default: until revoked).",
            value -> expires = value)
        .option(
            "--scope",
            "SCOPE",
            "read: changes nothing, sees no config vars; write: everything (default).",
            value -> scope = value)
        .word("NAME", "A name for the token.", value -> name = value)
        .example("paas tokens:create dashboard --scope read --expires 90d");
  }

  @Override
  public int run() throws ApiProblem {
    Map<String, Object> body = body(name);
    if (scope != null) {
      body.put("scope", scope);
    }
    if (expires != null) {
      body.put("expiresInSeconds", seconds(expires, TIME.matcher(expires)));
    }
    Json token = api().post("/v1/tokens", body);
    if (!printed(token)) {
      out().println(token.text("token"));
      terminal().progress("Keep it: it is not shown again.");
    }
    return ExitCode.OK;
  }

  private static long seconds(String text, Matcher time) {
    if (!time.matches()) {
      throw new UsageException("Not a duration: " + text, "Write a number and s, m, h or d: 90d.");
    }
    long unit =
        switch (time.group(2)) {
          case "s" -> 1;
          case "m" -> 60;
          case "h" -> 3600;
          default -> 86_400;
        };
    return Long.parseLong(time.group(1)) * unit;
  }
}
