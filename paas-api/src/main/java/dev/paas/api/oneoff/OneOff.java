package dev.paas.api.oneoff;

import com.google.protobuf.ByteString;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.RunOneOffEvent;
import dev.paas.contract.runtime.RunOneOffRequest;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * One run. It starts when somebody reads its output; when that reader goes, it ends. Input that
 * comes before waits for the start.
 */
final class OneOff implements Flow.Publisher<RunOneOffEvent> {

  private final AppName app;
  private final String user;
  private final InstanceSpec spec;
  private final RuntimeClient runtime;

  /** All guarded by this. */
  private @Nullable ClientCallStreamObserver<RunOneOffRequest> call;

  private boolean started;

  /** The spec has been sent, which must be the first message. */
  private boolean begun;

  private boolean over;
  private long early;
  private long entry;

  OneOff(AppName app, String user, InstanceSpec spec, RuntimeClient runtime) {
    this.app = app;
    this.user = user;
    this.spec = spec;
    this.runtime = runtime;
  }

  /** Its entry in the audit. */
  synchronized void recorded(long id) {
    entry = id;
  }

  synchronized long entry() {
    return entry;
  }

  synchronized boolean started() {
    return started;
  }

  AppName app() {
    return app;
  }

  String user() {
    return user;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super RunOneOffEvent> subscriber) {
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
            more(count);
          }

          @Override
          public void cancel() {
            hangUp();
          }
        });
    var requests = runtime.streaming().runOneOff(new Events(subscriber));
    requests.onNext(RunOneOffRequest.newBuilder().setSpec(spec).build());
    synchronized (this) {
      begun = true;
      notifyAll();
    }
  }

  private synchronized void more(long count) {
    int some = (int) Math.min(Integer.MAX_VALUE, count);
    if (call == null) {
      early = Math.min(Integer.MAX_VALUE, early + some);
    } else {
      call.request(some);
    }
  }

  private synchronized void hangUp() {
    over = true;
    notifyAll();
    if (call != null) {
      call.cancel("the reader has gone", null);
    }
  }

  /** Waits for the start and for room, then hands the message on; false when the run is over. */
  boolean send(RunOneOffRequest message) throws IOException {
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

  boolean stdin(byte[] bytes, int length) throws IOException {
    return send(
        RunOneOffRequest.newBuilder().setStdin(ByteString.copyFrom(bytes, 0, length)).build());
  }

  boolean stdinClosed() throws IOException {
    return send(RunOneOffRequest.newBuilder().setStdinClosed(true).build());
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

    private final Flow.Subscriber<? super RunOneOffEvent> subscriber;

    Events(Flow.Subscriber<? super RunOneOffEvent> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<RunOneOffRequest> stream) {
      synchronized (OneOff.this) {
        call = stream;
        stream.disableAutoRequestWithInitial((int) early);
      }
      stream.setOnReadyHandler(OneOff.this::wake);
    }

    @Override
    public void onNext(RunOneOffEvent event) {
      subscriber.onNext(event);
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
