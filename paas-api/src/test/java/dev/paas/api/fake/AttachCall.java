package dev.paas.api.fake;

import dev.paas.api.scheduler.Attachment;
import dev.paas.api.scheduler.RuntimeMessages;
import dev.paas.api.scheduler.Sessions;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A call of {@code AttachSession}: carries an attachment over gRPC, and asks it for no more than
 * the call takes. It is over when both sides have said so, as paas-runtimed does it.
 */
final class AttachCall implements StreamObserver<AttachSessionRequest> {

  private final Sessions sessions;
  private final ServerCallStreamObserver<AttachSessionEvent> answer;
  private @Nullable Attachment attachment;

  /** These five are guarded by this. */
  private Flow.@Nullable Subscription subscription;

  private boolean asked;
  private boolean over;
  private boolean told;
  private boolean heard;

  AttachCall(Sessions sessions, ServerCallStreamObserver<AttachSessionEvent> answer) {
    this.sessions = sessions;
    this.answer = answer;
    answer.setOnReadyHandler(this::ask);
    answer.setOnCancelHandler(this::detach);
  }

  @Override
  public void onNext(AttachSessionRequest request) {
    Attachment joined = attachment;
    if (joined == null) {
      AttachSessionRequest.Open open = request.getOpen();
      joined =
          open.hasInside()
              ? sessions.forward(RuntimeMessages.name(open.getInside()), open.getPort())
              : sessions.attach(open.getId(), open.getPosition());
      attachment = joined;
      joined.subscribe(new Events());
      return;
    }
    CompletableFuture<Boolean> unused =
        switch (request.getPartCase()) {
          case STDIN -> joined.stdin(request.getStdin().toByteArray());
          case STDIN_CLOSED -> joined.stdinClosed();
          case SIZE -> joined.resize(FakeSessionMessages.size(request.getSize()));
          case SIGNAL -> joined.signal(request.getSignal());
          case OPEN, PART_NOT_SET -> throw new IllegalArgumentException("open once, then send");
        };
  }

  private void ask() {
    Flow.Subscription going;
    synchronized (this) {
      going = subscription;
      if (going == null || asked || over || !answer.isReady()) {
        return;
      }
      asked = true;
    }
    going.request(1);
  }

  private void detach() {
    Flow.Subscription going;
    synchronized (this) {
      over = true;
      going = subscription;
    }
    if (going != null) {
      going.cancel();
    }
  }

  /** A client that has hung up is detached when its call is cancelled. */
  @Override
  public void onError(Throwable hungUp) {}

  /** A client that sends no more goes on reading. */
  @Override
  public void onCompleted() {
    boolean last;
    synchronized (this) {
      heard = true;
      last = told;
    }
    if (last) {
      answer.onCompleted();
    }
  }

  private final class Events implements Flow.Subscriber<Attachment.Event> {

    @Override
    public void onSubscribe(Flow.Subscription given) {
      synchronized (AttachCall.this) {
        subscription = given;
      }
      ask();
    }

    @Override
    public void onNext(Attachment.Event event) {
      synchronized (AttachCall.this) {
        asked = false;
      }
      answer.onNext(FakeSessionMessages.event(event));
      ask();
    }

    @Override
    public void onError(Throwable failed) {
      answer.onError(FakeMessages.failure(failed));
    }

    @Override
    public void onComplete() {
      boolean last;
      synchronized (AttachCall.this) {
        told = true;
        last = heard;
      }
      if (last) {
        answer.onCompleted();
      }
    }
  }
}
