package dev.paas.api.runtime;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

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
    if (!call.over.get()) {
      method.accept(call);
      call.demand.begun();
    }
  }

  private static final class Call<Q, A> implements ClientResponseObserver<Q, A>, Flow.Subscription {

    private final Flow.Subscriber<? super A> subscriber;
    private final AtomicBoolean over = new AtomicBoolean();
    private final CallDemand demand = new CallDemand();

    Call(Flow.Subscriber<? super A> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> started) {
      demand.beforeStart(started);
    }

    @Override
    public void request(long count) {
      demand.request(count);
    }

    @Override
    public void cancel() {
      if (over.compareAndSet(false, true)) {
        demand.cancel();
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
