package dev.paas.cli.run;

import dev.paas.cli.command.Session;
import dev.paas.cli.http.ApiProblem;
import dev.paas.cli.http.WebSocketConnection;
import dev.paas.cli.json.Json;
import dev.paas.cli.terminal.Tty;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
  static final int SIGNAL_BASE = 128;

  private static final int PIPE = 13;

  /** The exit code when nobody here reads the output any more. */
  static final int NOT_READ = SIGNAL_BASE + PIPE;

  private static final int HANG_UP = 1;

  /** Read of the input at once, in bytes. */
  private static final int CHUNK = 16 << 10;

  private static final int UNAVAILABLE = 503;

  /** How long the platform may be away before a command is left alone. */
  private static final long AWAY_NANOS = TimeUnit.MINUTES.toNanos(2);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final byte IN = 0;
  private static final byte OUT = 1;
  private static final byte ERR = 2;
  private static final byte STATUS = 3;
  private static final byte SIZE = 4;
  private static final byte SIGNAL = 5;
  private static final byte END_OF_INPUT = 6;

  private final Session session;
  private final String path;

  /** What runs in an image of no app can be reached by this connection alone. */
  private final boolean ofApp;

  /** What ends the command when this process is to end; else it goes on. */
  private final int hangUp;

  private final Set<Integer> passedOn = ConcurrentHashMap.newKeySet();

  /** The signal on which the following ended; 0: none. */
  private volatile int ended;

  /** What this is connected by now. */
  private volatile @Nullable WebSocketConnection live;

  private volatile String id = "";
  private boolean throwsProblems;
  private Optional<Json> end = Optional.empty();

  /** So much of the output came, in bytes, or is gone; -1: from where it came is not known. */
  private long position;

  /** Whether anything of the input was sent, and whether its end was. */
  private volatile boolean inputSent;

  private volatile boolean inputEnded;

  /** These two are guarded by this: the first message is sent, and a size that came before it. */
  private boolean begun;

  private Tty.@Nullable Size lastSize;

  /**
   * @param path of the app's terminals, or those of images
   * @param ends whether the command ends when this process is told to end
   */
  TerminalClient(Session session, String path, boolean ends) {
    this.session = session;
    this.path = path;
    this.ofApp = path.startsWith("/v1/apps/");
    this.hangUp = ends ? WebSocketConnection.NORMAL : WebSocketConnection.GOING_AWAY;
  }

  /**
   * Runs what the first message asks for.
   *
   * @param tty the terminal of this process, if the command has one and this is it
   * @return the command's exit code, or 125 when the platform has none
   */
  int run(Map<String, Object> request, Optional<Tty> tty) throws ApiProblem, IOException {
    return run(request, tty, CommandStreams.of(session.terminal()));
  }

  /**
   * Runs a command with other streams, for a command of this program that has an end of its own.
   *
   * @throws ApiProblem also when the platform did not run it
   */
  int run(Map<String, Object> request, CommandStreams streams) throws ApiProblem, IOException {
    throwsProblems = true;
    return run(request, Optional.empty(), streams);
  }

  /** The same with other streams than those of this process. */
  int run(Map<String, Object> request, Optional<Tty> tty, CommandStreams streams)
      throws ApiProblem, IOException {
    live = session.api().webSocket(path);
    try {
      if (tty.isEmpty()) {
        return follow(request, null, streams);
      }
      try (Tty.Raw raw = tty.get().raw(this::resized, this::signal)) {
        return follow(request, raw, streams);
      }
    } finally {
      socket().close();
    }
  }

  /** How the command has ended; nothing when that is not known. */
  Optional<Json> end() {
    return end;
  }

  private WebSocketConnection socket() {
    return Objects.requireNonNull(live);
  }

  private int follow(Map<String, Object> request, Tty.@Nullable Raw raw, CommandStreams streams)
      throws ApiProblem, IOException {
    position = request.get("position") instanceof Integer from ? from : 0;
    begin(request, raw);
    if (session.local()) {
      Signals.handle(signal -> received(signal, raw != null));
    }
    InputStream in = streams.in();
    if (in != null) {
      Thread input = new Thread(() -> sendInput(in), "paas-terminal-input");
      // It may wait for a key that is never typed: it must not keep the process.
      input.setDaemon(true);
      input.start();
    }
    while (true) {
      try {
        int code = copy(socket(), streams, raw == null ? "\n" : "\r\n");
        return ended != 0 ? SIGNAL_BASE + ended : code;
      } catch (IOException cut) {
        if (ended == 0 && !id.isEmpty() && attachesAgain(raw)) {
          continue;
        }
        if (ended != 0) {
          return SIGNAL_BASE + ended;
        }
        throw started().cutOff(cut);
      }
    }
  }

  /**
   * Attaches again when the platform was away, e.g. for its restart: the command goes on meanwhile.
   * Not when it was given input, of which something may be lost, and nobody would notice.
   */
  private boolean attachesAgain(Tty.@Nullable Raw raw) throws ApiProblem {
    if (!ofApp || !session.local() || position < 0 || (raw == null && inputSent)) {
      return false;
    }
    long since = System.nanoTime();
    while (ended == 0 && System.nanoTime() - since < AWAY_NANOS) {
      try {
        attachAgain(raw);
        return true;
      } catch (IOException away) {
        LockSupport.parkNanos(PAUSE_NANOS);
      } catch (ApiProblem refused) {
        if (refused.status() != ApiProblem.NO_ANSWER && refused.status() != UNAVAILABLE) {
          throw refused;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
    return false;
  }

  private void attachAgain(Tty.@Nullable Raw raw) throws ApiProblem, IOException {
    WebSocketConnection again = session.api().webSocket(path);
    try {
      again.text(Json.write(Map.of("session", id, "position", position)));
      if (inputEnded) {
        again.binary(new byte[] {END_OF_INPUT}, 1);
      }
    } catch (IOException broken) {
      again.close();
      throw broken;
    }
    WebSocketConnection before = socket();
    live = again;
    before.close();
    if (raw != null) {
      resize(raw.size());
    }
  }

  /** The server takes no size before the first message, which says how large the screen is. */
  private void begin(Map<String, Object> request, Tty.@Nullable Raw raw) throws IOException {
    Map<String, Object> first = new LinkedHashMap<>(request);
    if (raw != null && !first.containsKey("session")) {
      first.put("columns", raw.size().columns());
      first.put("rows", raw.size().rows());
    }
    Tty.Size latest;
    synchronized (this) {
      socket().text(Json.write(first));
      begun = true;
      latest = lastSize;
    }
    if (latest != null) {
      resize(latest);
    } else if (raw != null && first.containsKey("session")) {
      resize(raw.size());
    }
  }

  private void resized(Tty.Size size) {
    synchronized (this) {
      if (!begun) {
        lastSize = size;
        return;
      }
    }
    resize(size);
  }

  /**
   * @param newline of what the platform says, at a terminal whose lines begin where they are told
   */
  private int copy(WebSocketConnection socket, CommandStreams streams, String newline)
      throws ApiProblem, IOException {
    for (byte[] message = socket.next(); message != null; message = socket.next()) {
      byte channel = message.length == 0 ? -1 : message[0];
      if (channel == OUT || channel == ERR) {
        PrintStream to = channel == OUT ? streams.out() : streams.err();
        to.write(message, 1, message.length - 1);
        count(message.length - 1);
        if (to.checkError()) {
          // Nobody reads it any more, e.g. of "paas run … | head": that is no failure.
          socket.hangUp(hangUp);
          return NOT_READ;
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

  private void count(long bytes) {
    position += position < 0 ? 0 : bytes;
  }

  /** The exit code, or -1 while there is none. */
  private int status(Json status, String newline) throws ApiProblem {
    Json problem = status.get("problem");
    if (!problem.isNull()) {
      ApiProblem told = ApiProblem.told(problem);
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
      count(status.number("dropped"));
      session
          .terminal()
          .progress("The first " + status.number("dropped") + " bytes of its output are gone.");
    }
    Json exit = status.get("exit");
    if (!exit.isNull()) {
      end = Optional.of(exit);
    }
    return exit.isNull() ? -1 : (int) Math.min(Math.max(exit.number("code"), 0), 255);
  }

  private void sendInput(InputStream in) {
    byte[] message = new byte[CHUNK + 1];
    message[0] = IN;
    try {
      for (int n = in.read(message, 1, CHUNK); n >= 0; n = in.read(message, 1, CHUNK)) {
        inputSent = true;
        send(message, n + 1);
      }
    } catch (IOException unreadable) {
      // Its end is all that there is to tell.
    }
    inputEnded = true;
    send(new byte[] {END_OF_INPUT}, 1);
  }

  /** What can't be sent is told by whoever reads the output. */
  private void send(byte[] message, int length) {
    try {
      socket().binary(message, length);
    } catch (IOException cut) {
      return;
    }
  }

  private void resize(Tty.Size size) {
    byte[] message = {
      SIZE,
      (byte) (size.columns() >> 8),
      (byte) size.columns(),
      (byte) (size.rows() >> 8),
      (byte) size.rows()
    };
    send(message, message.length);
  }

  /** Beside the input: that may wait for a command that does not read it. */
  private void signal(int number) {
    if (id.isEmpty() || !ofApp) {
      send(new byte[] {SIGNAL, (byte) number}, 2);
      return;
    }
    started().signal(number);
  }

  private StartedCommand started() {
    return new StartedCommand(session.api(), path, id);
  }

  /**
   * Without a terminal, the first signal of a kind is the command's; else it came from elsewhere,
   * and means this process. A window that was closed leaves the command to whoever attaches to it.
   */
  private void received(int signal, boolean terminal) {
    try {
      if (!terminal && passedOn.add(signal)) {
        signal(signal);
        return;
      }
      boolean again = ended != 0;
      ended = signal;
      if (again || (terminal && signal == HANG_UP)) {
        socket().close();
      } else if (!socket().offerClose(hangUp)) {
        // Input waits for a command that does not read it, and holds the last word back.
        stopAndCut();
      }
    } catch (IOException gone) {
      // It was to end, and it has.
    }
  }

  private void stopAndCut() throws IOException {
    if (ofApp && hangUp == WebSocketConnection.NORMAL && !id.isEmpty()) {
      started().stop();
    }
    socket().close();
  }
}
