package dev.paas.acceptance.platform;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A person's terminal: a shell in a window of tmux(1), whose keys a test types and whose screen it
 * reads. Closing it closes the window.
 */
public final class Screen implements AutoCloseable {

  /** The person's prompt, at the beginning of a line. */
  private static final String PROMPT = "here> ";

  private static final String AT_PROMPT = "^here>\\Z";

  private static final Duration SOON = Duration.ofSeconds(60);
  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(50);

  private static final AtomicInteger MADE = new AtomicInteger();

  private final Platform platform;
  private final Path socket;

  /** Opens a window; the shell has what a person has after sourcing env.sh. */
  public Screen(Platform platform, int columns, int rows) {
    this.platform = platform;
    // The path of a socket has to be short.
    this.socket = platform.scratch().resolve("tmux-" + MADE.incrementAndGet());
    tmux(
            "-f",
            "/dev/null",
            "new-session",
            "-d",
            "-x",
            Integer.toString(columns),
            "-y",
            Integer.toString(rows),
            "env PS1='" + PROMPT + "' bash --norc --noprofile")
        .succeed();
    tmux("set-option", "-g", "escape-time", "0").succeed();
    await(AT_PROMPT);
  }

  private Command tmux(String... arguments) {
    List<String> argv = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
    argv.addAll(Arrays.asList(arguments));
    return Command.of(argv).with(platform.environment()).in(platform.scratch());
  }

  /** Types a text, and Enter. */
  public Screen line(String text) {
    return type(text).key("Enter");
  }

  /** Types a text. */
  public Screen type(String text) {
    // A semicolon at the end would end tmux's own command.
    String keys = text.endsWith(";") ? text.substring(0, text.length() - 1) + "\\;" : text;
    tmux("send-keys", "-l", "--", keys).succeed();
    return this;
  }

  /** Presses a key by its name for tmux, e.g. {@code C-c}. */
  public Screen key(String name) {
    tmux("send-keys", name).succeed();
    return this;
  }

  /** Pastes a text as a terminal does. */
  public Screen paste(Path file) {
    tmux("load-buffer", file.toString()).succeed();
    tmux("paste-buffer", "-r").succeed();
    return this;
  }

  /** Gives the window another size. */
  public Screen resize(int columns, int rows) {
    tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows)).succeed();
    return this;
  }

  /** What stands on the screen, without blanks at the ends of lines. */
  public String text() {
    return tmux("capture-pane", "-p").succeed().out().stripTrailing();
  }

  /** Waits until lines of the screen match; {@code ^} and {@code $} are those of a line. */
  public Screen await(String pattern) {
    Pattern wanted = Pattern.compile(pattern, Pattern.MULTILINE);
    try {
      Awaitility.await(pattern)
          .pollDelay(Duration.ZERO)
          .pollInterval(LOOKED_AT_EVERY)
          .atMost(SOON)
          .until(() -> wanted.matcher(text()).find());
    } catch (ConditionTimeoutException missing) {
      throw new AssertionError("No " + pattern + " on the screen:\n" + text(), missing);
    }
    return this;
  }

  /** Has the shell here run a command on a clear screen; {@link #exits} awaits its end. */
  public Screen command(String text) {
    return line("clear; " + text + "; echo \"ended with $?\"");
  }

  /** Waits for the end of the command, whose exit code must be this. */
  public void exits(int code) {
    await("^ended with [0-9]+$");
    await("^ended with " + code + "$");
  }

  @Override
  public void close() {
    Command.Outcome unused = tmux("kill-server").run();
    Command.of("rm", "-f", socket.toString()).succeed();
  }
}
