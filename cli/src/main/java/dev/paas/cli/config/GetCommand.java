package dev.paas.cli.config;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas config:get NAME}. */
@Command(
    name = "config:get",
    description = "Print the value of one config var.",
    footer = {"", "Example:", "  paas config:get GREETING"})
public final class GetCommand extends AppCommand {

  @Parameters(paramLabel = "NAME", description = "The var.")
  private String name = "";

  @Override
  public int run() throws ApiProblem {
    Json value = api().get(path("/config")).get("vars").get(name);
    if (value.isNull()) {
      throw new ApiProblem(
          404, "config.not-set", "This var is not set: " + name, "List them: paas config.");
    }
    if (!printed(value)) {
      out().println(value.text());
    }
    return ExitCode.OK;
  }
}
