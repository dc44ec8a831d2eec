package dev.paas.runtime.rpc;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A stream of requests that a worker reads at its own pace: the next message is asked for when the
 * last one was taken.
 */
final class Incoming<T> implements StreamObserver<T>, Iterator<T> {

  private sealed interface Item<T> {
    record Message<T>(T message) implements Item<T> {}

    record End<T>() implements Item<T> {}

    record Gone<T>() implements Item<T> {}
  }

  /** How long callers are waited for who don't end their half when they are told of the end. */
  private static final Duration FAREWELL = Duration.ofSeconds(1);

  private final ServerCallStreamObserver<?> call;
  private final BlockingQueue<Item<T>> items = new LinkedBlockingQueue<>();
  private @Nullable Item<T> present;
  private @Nullable Duration patience;

  /** Must be made in the call's own method, before it returns. */
  Incoming(ServerCallStreamObserver<?> call) {
    this.call = call;
    call.disableAutoRequest();
    call.request(1);
  }

  /** From now on, waits no longer for one message: whoever reads holds what others wait for. */
  Incoming<T> within(Duration longest) {
    patience = longest;
    return this;
  }

  @Override
  public void onNext(T message) {
    items.add(new Item.Message<>(message));
  }

  @Override
  public void onError(Throwable gone) {
    items.add(new Item.Gone<>());
  }

  @Override
  public void onCompleted() {
    items.add(new Item.End<>());
  }

  @Override
  public boolean hasNext() {
    return peek() instanceof Item.Message;
  }

  @Override
  public T next() {
    if (peek() instanceof Item.Message<T> message) {
      present = null;
      call.request(1);
      return message.message();
    }
    throw new NoSuchElementException();
  }

  /**
   * The first message, which says what the call is for.
   *
   * @throws dev.paas.base.problem.PaasException {@code runtime.bad-call} when there is none
   */
  T first() {
    if (hasNext()) {
      return next();
    }
    throw Problem.of(
            Kind.INVALID,
            "runtime.bad-call",
            "The call said nothing",
            "Send the first message of the stream before its end.")
        .asException();
  }

  /**
   * Takes what still comes and drops it, to the end of the caller's half. A call that is over while
   * its caller writes is reset, and the caller may lose what it was told last.
   *
   * @param reader whoever has read until now, and is told to end
   */
  void drain(Thread reader) throws InterruptedException {
    reader.interrupt();
    long until = System.nanoTime() + FAREWELL.toNanos();
    reader.join(FAREWELL.toMillis());
    if (reader.isAlive()) {
      return;
    }
    Item<T> item = present;
    present = null;
    do {
      if (item == null) {
        item = items.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      if (!(item instanceof Item.Message)) {
        return;
      }
      item = null;
      call.request(1);
    } while (true);
  }

  private Item<T> take() throws InterruptedException {
    Duration most = patience;
    if (most == null) {
      return items.take();
    }
    Item<T> item = items.poll(most.toMillis(), TimeUnit.MILLISECONDS);
    if (item == null) {
      throw Stalled.problem(most);
    }
    return item;
  }

  private Item<T> peek() {
    Item<T> item = present;
    if (item == null) {
      try {
        item = take();
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        throw new CancellationException("interrupted");
      }
      present = item;
    }
    if (item instanceof Item.Gone) {
      throw new CancellationException("the caller is gone");
    }
    return item;
  }
}
