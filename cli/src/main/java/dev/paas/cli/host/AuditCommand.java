package dev.paas.cli.host;

import dev.paas.cli.command.ApiCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** {@code paas audit}. */
public final class AuditCommand extends ApiCommand {

  private final List<String> filters = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show who did what, the newest first.")
        .option("--since", "TIME", "Not before this time ago, e.g. 2h.", filter("since"))
        .option("--user", "NAME", "What this user did.", filter("user"))
        .option("-a, --app", "APP", "What was about this app.", filter("app"))
        .option("--limit", "N", "At most so many, 1000 at most.", filter("limit"))
        .option("--before", "ID", "The page before this entry.", filter("before"))
        .example("paas audit --since 2h --app shop");
  }

  private Consumer<String> filter(String name) {
    return value -> filters.add(name + "=" + ApiClient.escape(value));
  }

  @Override
  public int run() throws ApiProblem {
    String query = filters.isEmpty() ? "" : "?" + String.join("&", filters);
    Json entries = api().get("/v1/audit" + query);
    if (!printed(entries)) {
      for (Json entry : entries.items()) {
        out().println(terminal().safe(line(entry)));
      }
      if (entries.items().isEmpty()) {
        out().println("Nothing was done, or nothing that you may see.");
      }
    }
    return ExitCode.OK;
  }

  /** One entry in one line, however long: it is for searching. */
  private static String line(Json entry) {
    List<String> words = new ArrayList<>();
    words.add(seconds(entry.text("at")));
    words.add(or(entry.text("user"), "-"));
    words.add(or(entry.text("address"), "-"));
    words.add(entry.text("kind"));
    words.add(or(entry.text("app"), "-"));
    words.add(entry.text("outcome"));
    words.add(entry.text("code"));
    if (entry.number("times") > 1) {
      words.add(entry.number("times") + " times");
    }
    words.add(entry.text("subject"));
    if (!entry.text("credential").isEmpty()) {
      words.add("(" + entry.text("credential") + ")");
    }
    words.removeIf(String::isEmpty);
    return String.join("  ", words);
  }

  private static String or(String text, String whenEmpty) {
    return text.isEmpty() ? whenEmpty : text;
  }
}
