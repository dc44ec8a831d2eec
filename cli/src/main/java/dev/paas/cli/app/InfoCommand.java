package dev.paas.cli.app;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code paas info}. */
public final class InfoCommand extends AppCommand {

  private @Nullable String named;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show an app.")
        .optionalWord("APP", "The app, as with -a.", value -> named = value)
        .example("paas info -a shop");
  }

  @Override
  public int run() throws ApiProblem {
    app = app == null ? named : app;
    Json found = api().get(path(""));
    if (!printed(found)) {
      line("name", found.text("name"));
      line("url", found.text("url"));
      line("git", found.text("gitUrl"));
      line("release", found.text("release"));
      line("processes", AppsCommand.formation(found.get("formation")));
      line(
          "domains",
          found.get("domains").items().stream().map(Json::text).collect(Collectors.joining(" ")));
      line("created", seconds(found.text("createdAt")));
    }
    return ExitCode.OK;
  }

  private void line(String name, String value) {
    out().println(String.format("%-11s%s", name, value.isEmpty() ? "-" : value));
  }
}
