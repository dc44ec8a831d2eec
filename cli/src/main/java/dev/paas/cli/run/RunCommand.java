package dev.paas.cli.run;

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
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** {@code paas run COMMAND…}. */
public final class RunCommand extends AppCommand {

  private final Map<String, String> env = new LinkedHashMap<>();

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
    syntax
        .does(
            "Run a command in a new instance of the current release.",
            "Its output, input and exit code are this command's. One word with blanks goes to sh -c.",
            "Ctrl-C goes to the command; the second one hangs up, and the command is asked to end.")
        .option("-e, --env", "NAME=VALUE", "A variable for this run alone.", this::variable)
        .words("COMMAND", 1, "The command and its arguments.", command::add)
        .example("paas run -a shop -- node migrate.js --all", "paas run 'ls | wc -l'")
        .stopsAtWords();
  }

  @Override
  public int run() throws ApiProblem, IOException {
    List<String> argv =
        command.size() == 1 && command.get(0).indexOf(' ') >= 0
            ? List.of("sh", "-c", command.get(0))
            : command;
    Map<String, Object> asked = new LinkedHashMap<>();
    asked.put("command", argv);
    asked.put("env", env);
    String id = api().post(path("/runs"), asked).text("id");
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
    if (output.exit < 0) {
      throw cutOff();
    }
    return output.exit;
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
    private int exit = -1;

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
      exit = copy(answer);
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

  private void variable(String assignment) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw new UsageException("This is not a variable: " + assignment, "Write NAME=VALUE.");
    }
    env.put(assignment.substring(0, equals), assignment.substring(equals + 1));
  }

  /** The exit code, or -1 when the stream ended without one. */
  private int copy(InputStream answer) throws IOException, ApiProblem {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(answer, StandardCharsets.UTF_8));
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      if (line.isEmpty()) {
        continue;
      }
      Json frame = Json.parse(line);
      if (!frame.get("problem").isNull()) {
        throw ApiProblem.of(422, frame.get("problem"));
      }
      if (json) {
        out().println(line);
      }
      if (!frame.get("exit").isNull()) {
        return exitCode(frame);
      }
      if (!json) {
        write(out(), frame.text("stdout"));
        write(terminal().err(), frame.text("stderr"));
      }
    }
    return -1;
  }

  private int exitCode(Json frame) {
    long code = frame.number("exit");
    if (code != ExitCode.OK && terminal().interactive()) {
      terminal().err().println(terminal().safe(frame.text("detail")));
    }
    return (int) Math.min(Math.max(code, 0), 255);
  }

  private static void write(PrintStream to, String base64) throws IOException {
    if (!base64.isEmpty()) {
      try {
        to.write(Base64.getDecoder().decode(base64));
      } catch (IllegalArgumentException broken) {
        throw new IOException("the output is not base64", broken);
      }
      if (to.checkError()) {
        // Hanging up ends the run.
        throw new IOException("nobody reads the output any more");
      }
    }
  }
}
