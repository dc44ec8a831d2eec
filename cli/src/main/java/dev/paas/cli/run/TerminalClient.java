package dev.paas.cli.run;

import dev.paas.cli.command.Session;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.http.WebSocketConnection;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Terminal;
import dev.paas.cli.terminal.Tty;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Carries the streams of this process to a command on the platform and back, until the command has
 * ended: the client of docs/api.md's Terminals.
 */
final class TerminalClient {

  /** The platform failed to run the command, as distinct from the command itself. */
  static final int NOT_RUN = 125;

  private static final int NOT_FOUND = 127;

  /** The exit code of a command that a signal ended is this plus its number. */
  private static final int SIGNAL_BASE = 128;

  private static final int PIPE = 13;
  private static final int HANG_UP = 1;

  /** Read of the input at once, in bytes. */
  private static final int CHUNK = 16 << 10;

  private static final byte IN = 0;
  private static final byte OUT = 1;
  private static final byte ERR = 2;
  private static final byte STATUS = 3;
  private static final byte SIZE = 4;
  private static final byte SIGNAL = 5;
  private static final byte END_OF_INPUT = 6;

  private final Session session;
  private final String path;

  /** What ends the command when this process is to end; else it goes on. */
  private final int hangUp;

  private final Set<Integer> passedOn = ConcurrentHashMap.newKeySet();

  /** The signal on which the following ended; 0: none. */
  private volatile int ended;

  private String id = "";
  private boolean throwsProblems;

  /** These two are guarded by this: the first message is sent, and a size that came before it. */
  private boolean begun;

  private Tty.@Nullable Size lastSize;

  /**
   * @param path of the app's terminals
   * @param ends whether the command ends when this process is told to end
   */
  TerminalClient(Session session, String path, boolean ends) {
    this.session = session;
    this.path = path;
    this.hangUp = ends ? WebSocketConnection.NORMAL : WebSocketConnection.GOING_AWAY;
  }

  /**
   * Runs what the first message asks for.
   *
   * @param tty the terminal of this process, if the command has one and this is it
   * @return the command's exit code, or 125 when the platform has none
   */
  int run(Map<String, Object> request, Optional<Tty> tty) throws ApiProblem, IOException {
    return run(request, tty, Streams.of(session.terminal()));
  }

  /**
   * What a command's streams are connected to here.
   *
   * @param in null: nothing is sent, and its input does not end
   */
  record Streams(@Nullable InputStream in, PrintStream out, PrintStream err) {

    static Streams of(Terminal terminal) {
      return new Streams(terminal.in(), terminal.out(), terminal.err());
    }

    Streams withoutInput() {
      return new Streams(null, out, err);
    }
  }

  /**
   * Runs a command with other streams, for a command of this program that has an end of its own.
   *
   * @throws ApiProblem also when the platform did not run it
   */
  int run(Map<String, Object> request, Streams streams) throws ApiProblem, IOException {
    throwsProblems = true;
    return run(request, Optional.empty(), streams);
  }

  /** The same with other streams than those of this process. */
  int run(Map<String, Object> request, Optional<Tty> tty, Streams streams)
      throws ApiProblem, IOException {
    try (WebSocketConnection socket = session.api().webSocket(path)) {
      if (tty.isEmpty()) {
        return follow(socket, request, null, streams);
      }
      try (Tty.Raw raw =
          tty.get().raw(size -> resized(socket, size), signal -> signal(socket, signal))) {
        return follow(socket, request, raw, streams);
      }
    }
  }

  private int follow(
      WebSocketConnection socket,
      Map<String, Object> request,
      Tty.@Nullable Raw raw,
      Streams streams)
      throws ApiProblem, IOException {
    begin(socket, request, raw);
    if (session.local()) {
      Signals.handle(signal -> received(socket, signal, raw != null));
    }
    InputStream in = streams.in();
    if (in != null) {
      Thread input = new Thread(() -> sendInput(socket, in), "paas-terminal-input");
      // It may wait for a key that is never typed: it must not keep the process.
      input.setDaemon(true);
      input.start();
    }
    try {
      return copy(socket, streams, raw == null ? "\n" : "\r\n");
    } catch (IOException cut) {
      if (ended != 0) {
        return SIGNAL_BASE + ended;
      }
      throw id.isEmpty() ? cutOff(cut) : leftRunning(cut);
    }
  }

  /** The server takes no size before the first message, which says how large the screen is. */
  private void begin(WebSocketConnection socket, Map<String, Object> request, Tty.@Nullable Raw raw)
      throws IOException {
    Map<String, Object> first = new LinkedHashMap<>(request);
    if (raw != null && !first.containsKey("session")) {
      first.put("columns", raw.size().columns());
      first.put("rows", raw.size().rows());
    }
    Tty.Size latest;
    synchronized (this) {
      socket.text(Json.write(first));
      begun = true;
      latest = lastSize;
    }
    if (latest != null) {
      resize(socket, latest);
    } else if (raw != null && first.containsKey("session")) {
      resize(socket, raw.size());
    }
  }

  private void resized(WebSocketConnection socket, Tty.Size size) {
    synchronized (this) {
      if (!begun) {
        lastSize = size;
        return;
      }
    }
    resize(socket, size);
  }

  /**
   * @param newline of what the platform says, at a terminal whose lines begin where they are told
   */
  private int copy(WebSocketConnection socket, Streams streams, String newline)
      throws ApiProblem, IOException {
    for (byte[] message = socket.next(); message != null; message = socket.next()) {
      byte channel = message.length == 0 ? -1 : message[0];
      if (channel == OUT || channel == ERR) {
        PrintStream to = channel == OUT ? streams.out() : streams.err();
        to.write(message, 1, message.length - 1);
        if (to.checkError()) {
          // Nobody reads it any more, e.g. of "paas run … | head": that is no failure.
          socket.hangUp(hangUp);
          return SIGNAL_BASE + PIPE;
        }
      } else if (channel == STATUS) {
        int exit =
            status(
                Json.parse(new String(message, 1, message.length - 1, StandardCharsets.UTF_8)),
                newline);
        if (exit >= 0) {
          return exit;
        }
      }
    }
    if (ended != 0) {
      return SIGNAL_BASE + ended;
    }
    throw new IOException("the server closed the connection");
  }

  /** The exit code, or -1 while there is none. */
  private int status(Json status, String newline) throws ApiProblem {
    Json problem = status.get("problem");
    if (!problem.isNull()) {
      ApiProblem told = ApiProblem.of(0, problem);
      if (throwsProblems) {
        throw told;
      }
      PrintStream err = session.terminal().err();
      err.print("error: " + session.terminal().safe(told.what()) + newline);
      err.print("fix: " + session.terminal().safe(told.fix()) + newline);
      err.flush();
      return told.code().equals("instance.no-such-command") ? NOT_FOUND : NOT_RUN;
    }
    if (!status.get("started").isNull()) {
      id = status.get("started").text("id");
    }
    if (!status.get("dropped").isNull()) {
      session
          .terminal()
          .progress("The first " + status.number("dropped") + " bytes of its output are gone.");
    }
    Json exit = status.get("exit");
    return exit.isNull() ? -1 : (int) Math.min(Math.max(exit.number("code"), 0), 255);
  }

  private static void sendInput(WebSocketConnection socket, InputStream in) {
    byte[] message = new byte[CHUNK + 1];
    message[0] = IN;
    try {
      for (int n = in.read(message, 1, CHUNK); n >= 0; n = in.read(message, 1, CHUNK)) {
        socket.binary(message, n + 1);
      }
      socket.binary(new byte[] {END_OF_INPUT}, 1);
    } catch (IOException ended) {
      // Usual when the command ends without reading everything; whoever reads its output says so.
    }
  }

  private static void resize(WebSocketConnection socket, Tty.Size size) {
    byte[] message = {
      SIZE,
      (byte) (size.columns() >> 8),
      (byte) size.columns(),
      (byte) (size.rows() >> 8),
      (byte) size.rows()
    };
    try {
      socket.binary(message, message.length);
    } catch (IOException ended) {
      // Whoever reads the output says so.
    }
  }

  private static void signal(WebSocketConnection socket, int number) {
    try {
      socket.binary(new byte[] {SIGNAL, (byte) number}, 2);
    } catch (IOException ended) {
      // Whoever reads the output says so.
    }
  }

  /**
   * Without a terminal, the first signal of a kind is the command's; else it came from elsewhere,
   * and means this process. A window that was closed leaves the command to whoever attaches to it.
   */
  private void received(WebSocketConnection socket, int signal, boolean terminal) {
    try {
      if (!terminal && passedOn.add(signal)) {
        signal(socket, signal);
        return;
      }
      boolean again = ended != 0;
      ended = signal;
      if (again || (terminal && signal == HANG_UP)) {
        socket.close();
      } else {
        // The server closes, too, when it has heard of it.
        socket.close(hangUp);
      }
    } catch (IOException gone) {
      // It was to end, and it has.
    }
  }

  private ApiProblem cutOff(IOException cut) {
    return new ApiProblem(
        ApiProblem.NO_ANSWER,
        "cli.cut-off",
        "The connection broke before the command began (" + cut.getMessage() + ")",
        "Try again; see paas run:list.");
  }

  private ApiProblem leftRunning(IOException cut) {
    return new ApiProblem(
        ApiProblem.NO_ANSWER,
        "cli.cut-off",
        "The connection broke (" + cut.getMessage() + "); the command goes on for a while",
        path.startsWith("/v1/apps/")
            ? "Attach to it again: paas run:attach " + id + "."
            : "It is ended soon; run it again.");
  }
}
