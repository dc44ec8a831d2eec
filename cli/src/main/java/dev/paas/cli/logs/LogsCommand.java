package dev.paas.cli.logs;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code paas logs}. */
public final class LogsCommand extends AppCommand {

  private static final Pattern PROCESS = Pattern.compile("([a-z][a-z0-9-]*)(?:\\.(\\d{1,6}))?");

  /** The status of a log that can't go on. */
  private static final int GONE = 410;

  private boolean follow;

  private int lines = 100;

  private @Nullable String process;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show what the instances of an app print, and requests that failed.")
        .flag("-t, --tail", "Go on with new lines until Ctrl-C.", () -> follow = true)
        .option("-n, --num", "N", "How many past lines (default: 100).", this::number)
        .option(
            "-p, --process",
            "TYPE[.N]",
            "Only this process type or instance.",
            value -> process = value)
        .example("paas logs -t -p web");
  }

  private void number(String text) {
    try {
      lines = Integer.parseInt(text);
    } catch (NumberFormatException notOne) {
      throw new UsageException("This is not a number of lines: " + text, "E.g. -n 500.");
    }
  }

  @Override
  public int run() throws ApiProblem {
    StringBuilder query = new StringBuilder("?tail=" + lines);
    if (process != null) {
      Matcher named = PROCESS.matcher(process);
      if (!named.matches()) {
        throw new UsageException("This names no process: " + process, "Write web or web.1.");
      }
      query.append("&process=").append(ApiClient.escape(named.group(1)));
      if (named.group(2) != null) {
        query.append("&slot=").append(named.group(2));
      }
    }
    query.append(follow ? "&follow=true" : "");
    api().stream(path("/logs") + query, this::print);
    return ExitCode.OK;
  }

  private void print(InputStream answer) throws IOException, ApiProblem {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isEmpty()) {
        Json entry = Json.parse(line);
        if (!entry.get("problem").isNull()) {
          throw ApiProblem.of(GONE, entry.get("problem"));
        }
        out().println(json ? Json.seen(line) : readable(entry));
        if (out().checkError()) {
          return; // nobody reads: `paas logs | head`
        }
      }
    }
  }

  private String readable(Json line) {
    return line.text("at")
        + (line.text("stream").equals("router") ? " router" : " app[" + line.text("instance") + "]")
        + ": "
        + terminal().safe(line.text("text"));
  }
}
