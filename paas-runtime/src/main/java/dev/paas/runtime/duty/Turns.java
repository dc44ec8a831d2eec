package dev.paas.runtime.duty;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs steps one after the other, each on the threads that it asks for. No thread waits for its
 * turn: a step that comes while another runs is left here, and handed on when that one is over.
 */
public final class Turns {

  private record Turn(Executor threads, Runnable step) {}

  /** Guarded by this. */
  private final Deque<Turn> waiting = new ArrayDeque<>();

  private boolean busy;

  /** Runs a step on these threads when its turn has come. */
  public void run(Executor threads, Runnable step) {
    Turn turn = new Turn(threads, step);
    if (isFirst(turn)) {
      begin(turn);
    }
  }

  /** Runs a step on this thread if nothing else runs, and on these threads when its turn comes. */
  public void runHere(Executor otherwise, Runnable step) {
    Turn turn = new Turn(otherwise, step);
    if (isFirst(turn)) {
      finish(turn);
    }
  }

  private synchronized boolean isFirst(Turn turn) {
    if (busy) {
      waiting.add(turn);
      return false;
    }
    busy = true;
    return true;
  }

  private void begin(Turn turn) {
    turn.threads().execute(() -> finish(turn));
  }

  private void finish(Turn turn) {
    try {
      turn.step().run();
    } finally {
      Turn next = next();
      if (next != null) {
        begin(next);
      }
    }
  }

  private synchronized @Nullable Turn next() {
    Turn next = waiting.poll();
    busy = next != null;
    return next;
  }
}
