package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code paas run COMMAND…}. */
public final class RunCommand extends AppCommand {

  private final TerminalOptions options = new TerminalOptions();
  private final ImageRun image = new ImageRun();
  private boolean detach;

  private final List<String> command = new ArrayList<>();

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    options.declare(syntax);
    image.declare(syntax);
    syntax
        .does(
            "Run a command in a new instance of the current release. It outlives a restart of the",
            "platform.",
            "Its output, input and exit code are this command's. One word with blanks goes to sh -c.",
            "Where there is a terminal here, it has one, and keys like Ctrl-C go to it. Elsewhere",
            "the first Ctrl-C goes to the command, and the second one asks it to end.",
            "With --image it runs in an image of no app, as by docker run: without -i it has no",
            "input, without -t no terminal. 125: not run, 126: can't be run, 127: not found.")
        .flag("-d, --detach", "Print its ID and leave it alone.", () -> detach = true)
        .words("COMMAND", 0, "The command and its arguments.", command::add)
        .example(
            "paas run -a shop bash",
            "paas run -a shop -- node migrate.js --all",
            "paas run 'ls | wc -l'",
            "paas run --image debian:bookworm-slim -- echo hello",
            "paas run --image python:3 -i -t")
        .stopsAtWords();
  }

  @Override
  public int run() throws ApiProblem, IOException {
    if (image.isAsked()) {
      if (detach || app != null) {
        throw new UsageException(
            "A run of an image is of no app, and ends with this command",
            "Leave out " + (detach ? "-d." : "-a."));
      }
      return runImage();
    }
    if (command.isEmpty()) {
      throw new UsageException("This is missing: COMMAND", "Write it: paas run -- ls -l.");
    }
    List<String> argv =
        command.size() == 1 && command.get(0).indexOf(' ') >= 0
            ? List.of("sh", "-c", command.get(0))
            : command;
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("command", argv);
    if (detach) {
      asked.put("env", options.env(session()));
      asked.put("detach", true);
      Json begun = api().post(path("/runs"), asked);
      if (!printed(begun)) {
        out().println(begun.text("id"));
      }
      return ExitCode.OK;
    }
    boolean tty = !json && options.wantsTerminal(session());
    asked.put("env", options.envOfTerminal(session()));
    asked.put("tty", tty);
    TerminalClient client = new TerminalClient(session(), path("/terminals"), true);
    return tty
        ? client.run(asked, options.terminal(session()))
        : withoutTerminal(client, asked, streams());
  }

  private int runImage() throws ApiProblem, IOException {
    boolean tty = !json && options.asksForTerminal();
    Map<String, Object> asked;
    try {
      asked = image.request(session(), command);
    } catch (ApiProblem refused) {
      terminal().err().println("error: " + terminal().safe(refused.what()));
      terminal().err().println("fix: " + terminal().safe(refused.fix()));
      return TerminalClient.NOT_RUN;
    }
    asked.put("env", tty ? options.envOfTerminal(session()) : options.env(session()));
    asked.put("tty", tty);
    TerminalClient client = new TerminalClient(session(), "/v1/terminals", true);
    if (tty && image.hasInput()) {
      return client.run(asked, options.terminal(session()));
    }
    return withoutTerminal(client, asked, image.hasInput() ? streams() : streams().withoutInput());
  }

  private int withoutTerminal(
      TerminalClient client, Map<String, Object> asked, CommandStreams streams)
      throws ApiProblem, IOException {
    int code = client.run(asked, Optional.empty(), streams);
    client.end().ifPresent(this::tell);
    return code;
  }

  private CommandStreams streams() {
    return json
        ? new CommandStreams(
            terminal().in(), new JsonLines(out(), "stdout"), new JsonLines(out(), "stderr"))
        : CommandStreams.of(terminal());
  }

  private void tell(Json end) {
    String detail = end.text("detail");
    if (json) {
      Map<String, Object> told = new LinkedHashMap<>();
      told.put("exit", end.number("code"));
      told.put("detail", detail);
      out().println(Json.write(told));
    } else if (end.number("code") != ExitCode.OK && terminal().interactive()) {
      terminal().err().println(terminal().safe(detail));
    }
  }

  /**
   * Prints each part of an output as a line of JSON with its base64, as the API streams a run's.
   */
  private static final class JsonLines extends PrintStream {

    /**
     * @param name of the stream that is printed: {@code stdout} or {@code stderr}
     */
    JsonLines(PrintStream to, String name) {
      super(new Lines(to, name), false, StandardCharsets.UTF_8);
    }

    private static final class Lines extends OutputStream {

      private final PrintStream to;
      private final String name;

      Lines(PrintStream to, String name) {
        this.to = to;
        this.name = name;
      }

      @Override
      public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) throws IOException {
        byte[] part = Arrays.copyOfRange(bytes, from, from + length);
        to.println(Json.write(Map.of(name, Base64.getEncoder().encodeToString(part))));
        if (to.checkError()) {
          throw new IOException("nobody reads the output any more");
        }
      }
    }
  }
}
