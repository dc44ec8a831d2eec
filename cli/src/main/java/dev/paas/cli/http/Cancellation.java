package dev.paas.cli.http;

import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * Ends the calls of one command from another thread, for a caller that is gone: a stream that has
 * nothing to say would otherwise be followed for ever.
 */
public final class Cancellation {

  private final Set<Closeable> open = new HashSet<>();
  private boolean cancelled;

  /** Cuts off what runs; what starts later is cut off at once. */
  public void cancel() {
    Set<Closeable> all;
    synchronized (this) {
      cancelled = true;
      all = Set.copyOf(open);
    }
    all.forEach(Cancellation::close);
  }

  void opened(Closeable call) {
    boolean late;
    synchronized (this) {
      open.add(call);
      late = cancelled;
    }
    if (late) {
      close(call);
    }
  }

  synchronized void closed(Closeable call) {
    open.remove(call);
  }

  private static void close(Closeable call) {
    try {
      call.close();
    } catch (IOException alreadyBroken) {
      // It was to end, and it has.
    }
  }
}
