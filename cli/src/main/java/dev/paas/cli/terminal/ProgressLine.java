package dev.paas.cli.terminal;

import java.util.concurrent.TimeUnit;

/**
 * How far something is, on the error stream: one line that is drawn again and again at a terminal,
 * a line for each step where the output is kept.
 */
public final class ProgressLine implements AutoCloseable {

  /** As often as an eye can follow. */
  private static final long REDRAWN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private static final String CLEARED = "\r\u001b[K";

  private final Terminal terminal;
  private String step = "";
  private boolean drawn;
  private long drawnAt;

  public ProgressLine(Terminal terminal) {
    this.terminal = terminal;
  }

  /**
   * Shows how far a step is.
   *
   * @param total bytes of all of it, 0 when that is not known
   */
  public void show(String what, long done, long total) {
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

  /** Takes the line away, so that what comes next begins at its place. */
  @Override
  public void close() {
    if (drawn) {
      terminal.err().print(CLEARED);
      terminal.err().flush();
    }
  }
}
