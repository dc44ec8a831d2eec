package dev.paas.cli.release;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** {@code paas builds:output ID}. */
public final class BuildOutputCommand extends AppCommand {

  private boolean follow;

  private String id = "";

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    syntax
        .does("Show what a build printed.")
        .flag("-f, --follow", "Until the build has ended.", () -> follow = true)
        .word("ID", "The build, from paas builds.", value -> id = value)
        .example("paas builds:output 7 -f");
  }

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
