package dev.paas.api.scheduler;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * Somebody attached to a session: reads its events and sends it input. It has one subscriber, whose
 * demand holds the command back; cancelling detaches, and the command goes on.
 *
 * <p>What is sent completes with true when there is room for more, and with false when the session
 * is over or nobody is attached any more. Callers wait for that before they send more: nothing is
 * kept for them beyond it.
 */
public interface Attachment extends Flow.Publisher<Attachment.Event> {

  /** The position of whoever wants only what comes from now on. */
  long NOW = -1;

  /** What happens in a session. */
  sealed interface Event {}

  /** The first event. */
  record Attached(Session session) implements Event {}

  /** At least so many bytes from the position asked for are no longer kept. */
  record Dropped(long bytes) implements Event {}

  /** There is no more output, and input is still taken: of forwards alone. */
  record OutputEnded() implements Event {}

  /** The command wrote something. */
  final class Output implements Event {

    private final byte[] bytes;
    private final boolean stderr;
    private final long position;

    /**
     * @param position how many bytes of output there are with these, both streams together
     */
    public Output(byte[] bytes, boolean stderr, long position) {
      this.bytes = Arrays.copyOf(bytes, bytes.length);
      this.stderr = stderr;
      this.position = position;
    }

    public byte[] bytes() {
      return Arrays.copyOf(bytes, bytes.length);
    }

    /** To its standard error, not to its standard output or its terminal. */
    public boolean stderr() {
      return stderr;
    }

    /** Says how many bytes of output there are with these, both streams together. */
    public long position() {
      return position;
    }
  }

  /** It has ended; the last event. */
  record Ended(Exit exit) implements Event {}

  /** Hands bytes to the command's input. */
  CompletableFuture<Boolean> stdin(byte[] bytes);

  /** Ends the command's input. */
  CompletableFuture<Boolean> stdinClosed();

  /** Tells the command's terminal its size. */
  CompletableFuture<Boolean> resize(TerminalSize size);

  /** Sends the command a signal by its number. */
  CompletableFuture<Boolean> signal(int number);
}
