package dev.paas.api.upload;

import dev.paas.gitreceiver.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What somebody who deploys is told, as the lines of one answer: from the one thread that follows
 * the push to the connection. That thread waits for whoever reads slowly, so that nothing is kept
 * but the line that is next; but not for ever, because threads are few.
 */
final class Conversation implements Progress, Flow.Publisher<Object>, Flow.Subscription {

  private final Runnable anchored;
  private final long stalledNanos;
  private Flow.@Nullable Subscriber<? super Object> subscriber;
  private long wanted;
  private boolean gone;
  private final List<Runnable> hungUp = new ArrayList<>();

  /** A line of output. */
  public record Line(String line) {}

  /**
   * @param anchored is run when the push has a ref
   * @param stalled how long the next line may stay unread; whoever leaves it for longer is gone
   */
  Conversation(Runnable anchored, Duration stalled) {
    this.anchored = anchored;
    this.stalledNanos = stalled.toNanos();
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
      if (isWanted()) {
        return subscriber;
      }
      giveUp();
      return null;
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      cancel();
      return null;
    }
  }

  private synchronized boolean isWanted() throws InterruptedException {
    long start = System.nanoTime();
    long left = stalledNanos;
    while (!gone && (subscriber == null || wanted == 0) && left > 0) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = stalledNanos - (System.nanoTime() - start);
    }
    if (gone || subscriber == null || wanted == 0) {
      return false;
    }
    wanted -= wanted == Long.MAX_VALUE ? 0 : 1;
    return true;
  }

  /** Ends the answer of one who reads nothing, so that they see that it was cut. */
  private void giveUp() {
    Flow.@Nullable Subscriber<? super Object> silent;
    synchronized (this) {
      silent = gone ? null : subscriber;
    }
    cancel();
    if (silent != null) {
      silent.onError(new CancellationException("what was sent has not been read"));
    }
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
