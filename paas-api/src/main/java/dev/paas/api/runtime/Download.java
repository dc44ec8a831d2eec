package dev.paas.api.runtime;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A call with many messages back, as a publisher: the runtime sends as much as the subscriber asks
 * for, and a subscriber that goes away cancels the call. For one subscriber.
 *
 * @param <Q> what is sent
 * @param <A> what comes back
 */
public final class Download<Q, A> implements Flow.Publisher<A> {

  private final Consumer<StreamObserver<A>> method;

  /** Starts the call when somebody subscribes. */
  public Download(Consumer<StreamObserver<A>> method) {
    this.method = method;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super A> subscriber) {
    Call<Q, A> call = new Call<>(subscriber);
    subscriber.onSubscribe(call);
    if (!call.cancelled()) {
      method.accept(call);
    }
  }

  private static final class Call<Q, A> implements ClientResponseObserver<Q, A>, Flow.Subscription {

    private final Flow.Subscriber<? super A> subscriber;
    private final AtomicBoolean over = new AtomicBoolean();

    /** Asked for before the call began; the call is null until then. Both guarded by this. */
    private long early;

    private @Nullable ClientCallStreamObserver<Q> stream;

    Call(Flow.Subscriber<? super A> subscriber) {
      this.subscriber = subscriber;
    }

    boolean cancelled() {
      return over.get();
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> started) {
      synchronized (this) {
        stream = started;
        started.disableAutoRequestWithInitial((int) Math.min(Integer.MAX_VALUE, early));
      }
    }

    @Override
    public void request(long count) {
      ClientCallStreamObserver<Q> now;
      synchronized (this) {
        now = stream;
        if (now == null) {
          early = Math.min(Integer.MAX_VALUE, early + count);
          return;
        }
      }
      now.request((int) Math.min(Integer.MAX_VALUE, count));
    }

    @Override
    public void cancel() {
      ClientCallStreamObserver<Q> now;
      synchronized (this) {
        now = stream;
      }
      if (over.compareAndSet(false, true) && now != null) {
        now.cancel("the reader has gone", null);
      }
    }

    @Override
    public void onNext(A message) {
      if (!over.get()) {
        subscriber.onNext(message);
      }
    }

    @Override
    public void onError(Throwable failed) {
      if (over.compareAndSet(false, true)) {
        subscriber.onError(RuntimeClient.problem(failed).asException(failed));
      }
    }

    @Override
    public void onCompleted() {
      if (over.compareAndSet(false, true)) {
        subscriber.onComplete();
      }
    }
  }
}
