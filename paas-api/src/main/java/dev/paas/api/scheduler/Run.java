package dev.paas.api.scheduler;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.Flow;

/**
 * A command beside an app's instances. It starts when somebody reads its events, of which there is
 * one reader; when that reader goes, it ends. Input that comes before waits for the start.
 *
 * <p>Whoever subscribes as the second gets the problem {@code run.taken}.
 */
public interface Run extends Flow.Publisher<Run.Event> {

  /** What happens in a run. */
  sealed interface Event {}

  /** It has begun. */
  record Started() implements Event {}

  /** It wrote something. */
  final class Output implements Event {

    private final byte[] bytes;
    private final boolean stderr;

    public Output(byte[] bytes, boolean stderr) {
      this.bytes = Arrays.copyOf(bytes, bytes.length);
      this.stderr = stderr;
    }

    public byte[] bytes() {
      return Arrays.copyOf(bytes, bytes.length);
    }

    /** To its standard error, not to its standard output. */
    public boolean stderr() {
      return stderr;
    }
  }

  /** It has ended; the last event. */
  record Ended(Exit exit) implements Event {}

  /** Somebody reads, or has read, its events. */
  boolean started();

  /**
   * Waits for the start and for room, then hands the bytes on; false when the run is over.
   *
   * @param length so many of them, from the first on
   */
  boolean stdin(byte[] bytes, int length) throws IOException;

  /** Ends the input, as {@link #stdin} does its work. */
  boolean stdinClosed() throws IOException;

  /** Sends a signal by its number, as {@link #stdin} does its work. */
  boolean signal(int number) throws IOException;
}
