package dev.paas.cli.config;

import dev.paas.cli.command.ChangeCommand;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code paas config:set NAME=VALUE…}. */
@Command(
    name = "config:set",
    description = {
      "Set config vars: a new release with the same image.",
      "One NAME without a value reads it from standard input: it shows in no process list."
    },
    footer = {"", "Example:", "  paas config:set GREETING=hello", "  paas config:set KEY <key.pem"})
public final class SetCommand extends ChangeCommand {

  @Parameters(arity = "1..*", paramLabel = "NAME=VALUE", description = "Vars to set.")
  private List<String> assignments = new ArrayList<>();

  @Override
  public int run() throws ApiProblem, IOException {
    Json changed = api().patch(path("/config"), Assignments.body(assignments, terminal().in()));
    return followConfig(changed, "Set; {release} serves.");
  }
}
