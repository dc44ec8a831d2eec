package dev.paas.cli.run;

import dev.paas.cli.command.AppCommand;
import dev.paas.cli.command.ExitCode;
import dev.paas.cli.command.Syntax;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.http.ApiClient;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** {@code paas run COMMAND…}. */
public final class RunCommand extends AppCommand {

  private final TerminalOptions options = new TerminalOptions();
  private final ImageRun image = new ImageRun();
  private boolean detach;

  private final List<String> command = new ArrayList<>();

  /** The exit code of a command that a signal ended is this plus its number. */
  private static final int SIGNAL_BASE = 128;

  private volatile @Nullable ApiProblem inputProblem;

  private final Set<Integer> passedOn = ConcurrentHashMap.newKeySet();

  /** The signal on which the following ended; 0: none. */
  private volatile int hungUp;

  @Override
  protected void declare(Syntax syntax) {
    super.declare(syntax);
    options.declare(syntax);
    image.declare(syntax);
    syntax
        .does(
            "Run a command in a new instance of the current release.",
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
      return image.run(session(), command, options);
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
    if (!detach && options.wantsTerminal(session())) {
      asked.put("env", options.envOfTerminal(session()));
      asked.put("tty", true);
      return new TerminalClient(session(), path("/terminals"), true)
          .run(asked, options.terminal(session()));
    }
    asked.put("env", options.env());
    if (detach) {
      asked.put("detach", true);
      Json begun = api().post(path("/runs"), asked);
      if (!printed(begun)) {
        out().println(begun.text("id"));
      }
      return ExitCode.OK;
    }
    return follow(api().post(path("/runs"), asked).text("id"));
  }

  private int follow(String id) throws ApiProblem {
    String run = path("/runs/") + ApiClient.escape(id);
    Output output = new Output(run);
    if (session().local()) {
      Signals.handle(signal -> received(run, signal));
    }
    try {
      api().stream(run + "/output", output);
    } catch (ApiProblem cut) {
      if (hungUp == 0) {
        throw cut;
      }
    }
    if (hungUp != 0) {
      return SIGNAL_BASE + hungUp;
    }
    return exitCode(output.frames.end().orElseThrow(this::cutOff));
  }

  /** The first signal of a kind is the command's, the second one ends the following. */
  private void received(String run, int signal) {
    if (passedOn.add(signal)) {
      try {
        api().stream(run + "/signal", Map.of("signal", signal), answer -> {});
        return;
      } catch (ApiProblem notTaken) {
        // Then it is the second one's turn.
      }
    }
    hungUp = signal;
    api().hangUp();
  }

  /** Copies the output; the input goes at the same time, for the output may wait for it. */
  private final class Output implements ApiClient.StreamReader {
    private final String run;
    private final OutputFrames frames = new OutputFrames(terminal(), json);

    Output(String run) {
      this.run = run;
    }

    @Override
    public void asked() {
      Thread input = new Thread(() -> sendInput(run), "paas-run-stdin");
      // It may wait for a key that is never typed: it must not keep the process.
      input.setDaemon(true);
      input.start();
    }

    @Override
    public void read(InputStream answer) throws IOException, ApiProblem {
      frames.copy(answer);
    }
  }

  private ApiProblem cutOff() {
    ApiProblem input = inputProblem;
    return input != null
        ? input
        : new ApiProblem(
            ApiProblem.NO_ANSWER,
            "cli.cut-off",
            "The output ended without an exit code",
            "Look at paas doctor, and run it again.");
  }

  private void sendInput(String run) {
    try {
      api().upload(run + "/stdin", terminal().in(), answer -> {});
    } catch (ApiProblem ended) {
      // Usual when the command ends without reading everything; told only if there is no exit code.
      inputProblem = ended;
    }
  }

  private int exitCode(Json frame) {
    long code = frame.number("exit");
    if (code != ExitCode.OK && terminal().interactive()) {
      terminal().err().println(terminal().safe(frame.text("detail")));
    }
    return (int) Math.min(Math.max(code, 0), 255);
  }
}
