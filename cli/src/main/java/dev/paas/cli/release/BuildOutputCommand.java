package dev.paas.cli.release;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code paas builds:output ID}. */
@Command(
    name = "builds:output",
    description = "Show what a build printed.",
    footer = {"", "Example:", "  paas builds:output 7 -f"})
public final class BuildOutputCommand extends AppCommand {

  @Option(
      names = {"-f", "--follow"},
      description = "Until the build has ended.")
  private boolean follow;

  @Parameters(paramLabel = "ID", description = "The build, from paas builds.")
  private String id = "";

  @Override
  public int run() throws ApiProblem {
    String query = follow ? "?follow=true" : "";
    api().stream(path("/builds/") + ApiClient.escape(id) + "/output" + query, this::print);
    return ExitCode.OK;
  }

  private void print(InputStream answer) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      out().println(terminal().safe(line));
      if (out().checkError()) {
        return;
      }
    }
  }
}
