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
import java.time.Clock;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code paas logs}. */
public final class LogsCommand extends AppCommand {

  private static final Pattern PROCESS = Pattern.compile("([a-z][a-z0-9-]*)(?:\\.(\\d{1,6}))?");

  /** The status of a log that can't go on. */
  private static final int GONE = 410;

  private static final Pattern AGE = Pattern.compile("[1-9]\\d{0,8}[smhd]");

  private boolean follow;

  private int lines = 100;

  private @Nullable String process;

  private @Nullable String since;

  private @Nullable String grep;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does(
            "Show an app's log: what its instances print, what the platform does with them",
            "(paas[web.1]: exited with 7), and requests that failed (router).")
        .flag("-f, --follow, -t, --tail", "Keep printing new lines (Ctrl-C).", () -> follow = true)
        .option("-n, --num", "N", "How many past lines (default: 100).", this::number)
        .option(
            "-p, --process",
            "TYPE[.N]",
            "Only this process type or instance.",
            value -> process = value)
        .option(
            "--since",
            "TIME",
            "Only lines since 30s, 10m, 2h or 3d ago, or since a time such as"
                + " 2026-11-29T10:00:00Z.",
            value -> since = value)
        .option(
            "--grep",
            "TEXT",
            "Only lines that contain this text, in upper or lower case.",
            value -> grep = value)
        .example("paas logs -f -p web", "paas logs --since 10m --grep timeout -n 1000");
  }

  private void number(String text) {
    try {
      lines = Integer.parseInt(text);
    } catch (NumberFormatException notOne) {
      throw new UsageException("Not a number of lines: " + text, "E.g. -n 500.");
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
    if (since != null) {
      query.append("&since=").append(ApiClient.escape(checked(since)));
    }
    if (grep != null) {
      query.append("&grep=").append(ApiClient.escape(grep));
    }
    query.append(follow ? "&follow=true" : "");
    api().stream(path("/logs") + query, this::print);
    return ExitCode.OK;
  }

  private static String checked(String time) {
    if (!AGE.matcher(time).matches()) {
      try {
        OffsetDateTime.parse(time);
      } catch (DateTimeParseException notOne) {
        throw new UsageException(
            "Not a time: " + time, "Write 30s, 10m, 2h, 3d or 2026-11-29T10:00:00Z.");
      }
    }
    return time;
  }

  private void print(InputStream answer) throws IOException, ApiProblem {
    ZoneId zone = ZoneId.systemDefault();
    LineText text = new LineText(terminal(), zone, LocalDate.now(Clock.system(zone)));
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (!line.isEmpty()) {
        Json entry = Json.parse(line);
        if (!entry.get("problem").isNull()) {
          throw ApiProblem.of(GONE, entry.get("problem"));
        }
        out().println(json ? Json.seen(line) : text.of(entry));
        if (out().checkError()) {
          return; // nobody reads: `paas logs | head`
        }
      }
    }
  }
}
