package dev.paas.cli.app;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas info}. */
@Command(
    name = "info",
    description = "Show an app.",
    footer = {"", "Example:", "  paas info -a shop"})
public final class InfoCommand extends AppCommand {

  @Parameters(arity = "0..1", paramLabel = "APP", description = "The app, as with -a.")
  private @Nullable String named;

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
