package dev.paas.cli.terminal;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * How far something is, on the error stream: one line that is drawn again and again at a terminal,
 * a line for each step where the output is kept. Safe from any thread: once it is closed, a thread
 * that is late draws nothing into what came after it.
 */
public final class ProgressLine implements AutoCloseable {

  /** As often as an eye can follow. */
  private static final long REDRAWN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final String CLEARED = "\r\u001b[K";

  private final Terminal terminal;
  private String step = "";
  private boolean drawn;
  private boolean closed;
  private long drawnAt;

  public ProgressLine(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Shows how far a step is.
   *
   * @param total bytes of all of it, 0 when that is not known
   */
  public synchronized void show(String what, long done, long total) {
    if (closed) {
      return;
    }
    boolean begins = !what.equals(step);
    step = what;
    if (!terminal.interactive()) {
      if (begins) {
        terminal.err().println(terminal.safe("       " + what));
        terminal.err().flush();
      }
      return;
    }
    long now = System.nanoTime();
    if (begins || !drawn || now - drawnAt >= REDRAWN_NANOS || done == total) {
      drawn = true;
      drawnAt = now;
      terminal.err().print(CLEARED + terminal.safe("       " + what + amount(done, total)));
      terminal.err().flush();
    }
  }

  private static String amount(long done, long total) {
    if (total <= 0) {
      return done <= 0 ? "" : "  " + size(done);
    }
    return "  "
        + size(done)
        + " of "
        + size(total)
        + "  "
        + Math.min(100, 100 * done / total)
        + " %";
  }

  /** Bytes in the unit that people would use. */
  public static String size(long bytes) {
    if (bytes < 1 << 10) {
      return bytes + "B";
    }
    return bytes < 1 << 20 ? (bytes >> 10) + "K" : (bytes >> 20) + "M";
  }

  /** Prints a line of text in its place; it is drawn again below that. */
  public synchronized void tell(String line) {
    clear();
    terminal.err().println(terminal.safe(line));
    terminal.err().flush();
  }

  /** The error stream for what others write: they find the line taken away. */
  public PrintStream above() {
    return new PrintStream(new Above(), true, StandardCharsets.UTF_8);
  }

  /** Takes the line away for good, so that what comes next begins at its place. */
  @Override
  public synchronized void close() {
    clear();
    closed = true;
  }

  private void clear() {
    if (drawn) {
      drawn = false;
      terminal.err().print(CLEARED);
      terminal.err().flush();
    }
  }

  private final class Above extends FilterOutputStream {

    Above() {
      super(terminal.err());
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      synchronized (ProgressLine.this) {
        clear();
        out.write(bytes, from, length);
      }
    }
  }
}
