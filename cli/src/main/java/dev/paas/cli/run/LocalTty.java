package dev.paas.cli.run;

import dev.paas.cli.terminal.Tty;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * The terminal of this process. What Java has no call for is done by stty(1), which every system
 * has that has terminals. Its settings are put back on each way out of the process but SIGKILL.
 */
public final class LocalTty implements Tty {

  private static final File DEVICE = new File("/dev/tty");

  private final String type;

  /**
   * @param type the variable TERM; empty for none
   */
  public LocalTty(String type) {
    this.type = type;
  }

  @Override
  public String type() {
    return type;
  }

  @Override
  public Raw raw(Consumer<Size> resized, IntConsumer signalled) throws IOException {
    // One process for three questions: each takes as long as it takes to start.
    List<String> said = run("sh", "-c", "stty -g && stty size && stty raw -echo");
    if (said.size() < 2) {
      throw new IOException("stty does not know the settings of this terminal");
    }
    AtomicBoolean restored = new AtomicBoolean();
    Runnable restore =
        () -> {
          if (restored.compareAndSet(false, true)) {
            restore(said.get(0));
          }
        };
    Thread atTheEnd = new Thread(restore, "paas-stty");
    Runtime.getRuntime().addShutdownHook(atTheEnd);
    Signals.onResize(
        () -> {
          if (!restored.get()) {
            resized.accept(size());
          }
        });
    Size first = parse(said.get(1));
    return new Raw() {
      @Override
      public Size size() {
        return first;
      }

      @Override
      public void close() {
        restore.run();
      }
    };
  }

  private static Size size() {
    try {
      List<String> said = run("stty", "size");
      return said.isEmpty() ? Size.USUAL : parse(said.get(0));
    } catch (IOException unknown) {
      return Size.USUAL;
    }
  }

  /** Rows come first, as stty writes them. */
  static Size parse(String line) {
    String[] words = line.strip().split(" ");
    try {
      return words.length == 2
          ? Size.of(Integer.parseInt(words[1]), Integer.parseInt(words[0]))
          : Size.USUAL;
    } catch (NumberFormatException other) {
      return Size.USUAL;
    }
  }

  private static void restore(String settings) {
    try {
      List<String> unused = run("stty", settings);
    } catch (IOException gone) {
      // The terminal has been closed: there is nothing to put back.
    }
  }

  private static List<String> run(String... command) throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(DEVICE)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException("this terminal's settings can't be changed: " + command[0] + " failed");
    }
    return lines;
  }
}
