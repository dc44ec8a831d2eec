package dev.paas.cli.access;

import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paas tokens:create NAME}. */
@Command(
    name = "tokens:create",
    description = "Make an API token. It is shown this once.",
    footer = {"", "Example:", "  paas tokens:create dashboard --scope read --expires 90d"})
public final class CreateTokenCommand extends AccessCommand {

  private static final Pattern TIME = Pattern.compile("(\\d{1,6})([smhd])");

  @Option(
      names = "--expires",
      paramLabel = "TIME",
      description = "How long it is good for: 30m, 12h, 90d (default: until revoked).")
  private @Nullable String expires;

  @Option(
      names = "--scope",
      paramLabel = "SCOPE",
      description = "read: changes nothing, sees no config vars; write: everything (default).")
  private @Nullable String scope;

  @Parameters(paramLabel = "NAME", description = "A name for the token.")
  private String name = "";

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
      throw new UsageException("This is no time: " + text, "Write a number and s, m, h or d: 90d.");
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
