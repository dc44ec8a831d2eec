package dev.paas.api.upload;

import dev.paas.gitreceiver.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who deploys is told, as the lines of one answer: from the one thread that follows
 * the push to the connection. That thread waits for whoever reads slowly, so that nothing is kept
 * but the line that is next.
 */
final class Conversation implements Progress, Flow.Publisher<Object>, Flow.Subscription {

  /** How long it takes at most until the answer is under way; nobody listens after that. */
  private static final long BEGIN_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Runnable anchored;
  private Flow.@Nullable Subscriber<? super Object> subscriber;
  private long wanted;
  private boolean gone;
  private final List<Runnable> hungUp = new ArrayList<>();

  /** A line of output. */
  public record Line(String line) {}

  /**
   * @param anchored is run when the push has a ref
   */
  Conversation(Runnable anchored) {
    this.anchored = anchored;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Object> listener) {
    listener.onSubscribe(this);
    synchronized (this) {
      subscriber = listener;
      notifyAll();
    }
  }

  @Override
  public synchronized void request(long count) {
    wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
    notifyAll();
  }

  @Override
  public void cancel() {
    List<Runnable> actions;
    synchronized (this) {
      gone = true;
      notifyAll();
      actions = List.copyOf(hungUp);
      hungUp.clear();
    }
    actions.forEach(Runnable::run);
  }

  @Override
  public void line(String text) {
    Flow.Subscriber<? super Object> listener = turn();
    if (listener != null) {
      listener.onNext(new Line(text));
    }
  }

  /** Says how it ended, and nothing more. */
  void end(Object outcome) {
    Flow.Subscriber<? super Object> listener = turn();
    if (listener != null) {
      listener.onNext(outcome);
      listener.onComplete();
    }
  }

  /** Waits until the next item is wanted; nothing when nobody wants any more. */
  private Flow.@Nullable Subscriber<? super Object> turn() {
    try {
      return awaited();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      cancel();
      return null;
    }
  }

  private synchronized Flow.@Nullable Subscriber<? super Object> awaited()
      throws InterruptedException {
    long start = System.nanoTime();
    while (!gone && subscriber == null && System.nanoTime() - start < BEGIN_NANOS) {
      TimeUnit.NANOSECONDS.timedWait(this, BEGIN_NANOS);
    }
    gone |= subscriber == null;
    while (!gone && wanted == 0) {
      wait();
    }
    wanted -= gone || wanted == Long.MAX_VALUE ? 0 : 1;
    return gone ? null : subscriber;
  }

  @Override
  public synchronized boolean connected() {
    return !gone;
  }

  @Override
  public void onHangUp(Runnable action) {
    synchronized (this) {
      if (!gone) {
        hungUp.add(action);
        return;
      }
    }
    action.run();
  }

  @Override
  public void anchored() {
    anchored.run();
  }
}
