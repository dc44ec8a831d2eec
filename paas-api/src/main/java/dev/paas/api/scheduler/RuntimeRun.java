package dev.paas.api.scheduler;

import com.google.protobuf.ByteString;
import dev.paas.api.runtime.CallDemand;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.RunOneOffEvent;
import dev.paas.contract.runtime.RunOneOffRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A run in paas-runtimed: one call in both directions, with back-pressure in both. */
final class RuntimeRun implements Run {

  private final InstanceSpec spec;
  private final RuntimeClient runtime;

  /** All guarded by this. */
  private @Nullable ClientCallStreamObserver<RunOneOffRequest> call;

  private boolean started;

  /** The spec has been sent, which must be the first message. */
  private boolean begun;

  private boolean over;

  private final CallDemand demand = new CallDemand();

  RuntimeRun(InstanceSpec spec, RuntimeClient runtime) {
    this.spec = spec;
    this.runtime = runtime;
  }

  @Override
  public synchronized boolean started() {
    return started;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Event> subscriber) {
    synchronized (this) {
      if (started) {
        subscriber.onSubscribe(
            new Flow.Subscription() {
              @Override
              public void request(long count) {}

              @Override
              public void cancel() {}
            });
        subscriber.onError(
            Problem.of(
                    Kind.CONFLICT,
                    "run.taken",
                    "The output of this run is being read already",
                    "Start another.")
                .asException());
        return;
      }
      started = true;
    }
    subscriber.onSubscribe(
        new Flow.Subscription() {
          @Override
          public void request(long count) {
            demand.request(count);
          }

          @Override
          public void cancel() {
            hangUp();
          }
        });
    begin(subscriber);
  }

  private void begin(Flow.Subscriber<? super Event> subscriber) {
    var requests = runtime.streaming().runOneOff(new Events(subscriber));
    requests.onNext(RunOneOffRequest.newBuilder().setSpec(RuntimeMessages.spec(spec)).build());
    synchronized (this) {
      begun = true;
      notifyAll();
    }
    demand.begun();
  }

  private void hangUp() {
    synchronized (this) {
      over = true;
      notifyAll();
    }
    demand.cancel();
  }

  /** Waits for the start and for room, then hands the message on; false when the run is over. */
  private boolean send(RunOneOffRequest message) throws IOException {
    synchronized (this) {
      try {
        while (!over && (call == null || !begun || !call.isReady())) {
          wait();
        }
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", stop);
      }
      if (over || call == null) {
        return false;
      }
      call.onNext(message);
      return true;
    }
  }

  @Override
  public boolean stdin(byte[] bytes, int length) throws IOException {
    return send(
        RunOneOffRequest.newBuilder().setStdin(ByteString.copyFrom(bytes, 0, length)).build());
  }

  @Override
  public boolean stdinClosed() throws IOException {
    return send(RunOneOffRequest.newBuilder().setStdinClosed(true).build());
  }

  @Override
  public boolean signal(int number) throws IOException {
    return send(RunOneOffRequest.newBuilder().setSignal(number).build());
  }

  /** The run is over; true when it was before. */
  private synchronized boolean end() {
    boolean before = over;
    over = true;
    notifyAll();
    return before;
  }

  private synchronized void wake() {
    notifyAll();
  }

  private final class Events implements ClientResponseObserver<RunOneOffRequest, RunOneOffEvent> {

    private final Flow.Subscriber<? super Event> subscriber;

    Events(Flow.Subscriber<? super Event> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RunOneOffRequest> stream) {
      synchronized (RuntimeRun.this) {
        call = stream;
      }
      demand.beforeStart(stream);
      stream.setOnReadyHandler(RuntimeRun.this::wake);
    }

    @Override
    public void onNext(RunOneOffEvent event) {
      Optional<Event> known = RuntimeMessages.event(event);
      if (known.isPresent()) {
        subscriber.onNext(known.get());
      } else {
        demand.request(1); // the reader has asked for an event that it knows
      }
    }

    @Override
    public void onError(Throwable failed) {
      if (end()) {
        return; // nobody listens to a run that was given up
      }
      subscriber.onError(RuntimeClient.problem(failed).asException(failed));
    }

    @Override
    public void onCompleted() {
      if (end()) {
        return;
      }
      subscriber.onComplete();
    }
  }
}
