package dev.paas.cli.terminal;

import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/** The terminal that a person sits at, with its screen and its keys. */
public interface Tty {

  /** The size of a screen in characters. */
  record Size(int columns, int rows) {

    /** What a terminal has that says nothing of its size (DEC VT100). */
    public static final Size USUAL = new Size(80, 24);

    private static final int MOST = 65_535;

    /** A size that is no terminal's is taken for the usual one. */
    public static Size of(int columns, int rows) {
      boolean valid = columns >= 1 && columns <= MOST && rows >= 1 && rows <= MOST;
      return valid ? new Size(columns, rows) : USUAL;
    }
  }

  /** While it is open, keys come as they are typed: none of them is a signal or an edit. */
  interface Raw extends AutoCloseable {

    /** How large the screen was when it began. */
    Size size();

    /** Puts everything back; more than once does nothing more. */
    @Override
    void close();
  }

  /**
   * What kind it is, e.g. {@code xterm-256color}: the variable TERM; empty when that is not known.
   */
  String type();

  /**
   * Has keys come as they are typed.
   *
   * @param resized hears each other size of the screen, on a thread of its own
   * @param signalled hears the numbers of signals that are not keys and mean the command; only
   *     terminals elsewhere have any
   */
  Raw raw(Consumer<Size> resized, IntConsumer signalled) throws IOException;
}
