package dev.paas.api.scheduler;

import dev.paas.api.runtime.CallDemand;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import io.grpc.Context;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * An attachment to a session of paas-runtimed: one call, with back-pressure in both directions. It
 * sends nothing between the end of the session and that of the call, nor before it is attached: a
 * message that meets a call which the other side has just ended breaks it, and what that side had
 * said last is lost.
 */
final class RuntimeAttachment implements Attachment {

  private final AttachSessionRequest opening;
  private final Call method;

  /** All guarded by this; null until the first message has been sent, which must be the opening. */
  private @Nullable ClientCallStreamObserver<AttachSessionRequest> call;

  private boolean taken;
  private boolean attached;
  private boolean ended;
  private boolean over;

  private final CallDemand demand = new CallDemand();

  /** What waits for room; each caller has one of these under way. */
  private final Deque<Message> waiting = new ArrayDeque<>();

  private record Message(AttachSessionRequest request, CompletableFuture<Boolean> taken) {}

  /** The call that carries it. */
  interface Call {
    StreamObserver<AttachSessionRequest> begin(StreamObserver<AttachSessionEvent> events);
  }

  /**
   * @param opening the first message
   */
  RuntimeAttachment(AttachSessionRequest opening, Call method) {
    this.opening = opening;
    this.method = method;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super Event> subscriber) {
    boolean first;
    synchronized (this) {
      first = !taken;
      taken = true;
    }
    subscriber.onSubscribe(first ? new Demand() : new NoDemand());
    if (!first) {
      subscriber.onError(
          Problem.of(
                  Kind.CONFLICT,
                  "run.taken",
                  "The output of this run is being read already",
                  "Attach once more.")
              .asException());
      return;
    }
    // The call belongs to the session, not to the request on whose thread it begins.
    Context.ROOT.run(() -> begun(method.begin(new Events(subscriber))));
  }

  private void begun(StreamObserver<AttachSessionRequest> requests) {
    synchronized (this) {
      if (!over) {
        requests.onNext(opening);
        call = (ClientCallStreamObserver<AttachSessionRequest>) requests;
      }
    }
    demand.begun();
    sendWaiting();
  }

  @Override
  public CompletableFuture<Boolean> stdin(byte[] bytes) {
    return send(SessionMessages.stdin(bytes));
  }

  @Override
  public CompletableFuture<Boolean> stdinClosed() {
    return send(SessionMessages.stdinClosed());
  }

  @Override
  public CompletableFuture<Boolean> resize(TerminalSize size) {
    return send(SessionMessages.size(size));
  }

  @Override
  public CompletableFuture<Boolean> signal(int number) {
    return send(SessionMessages.signal(number));
  }

  private CompletableFuture<Boolean> send(AttachSessionRequest request) {
    CompletableFuture<Boolean> sent = new CompletableFuture<>();
    synchronized (this) {
      if (ended || over) {
        return CompletableFuture.completedFuture(false);
      }
      waiting.add(new Message(request, sent));
    }
    sendWaiting();
    return sent;
  }

  /** Sends what there is room for. Callers hear of it outside of the lock. */
  private void sendWaiting() {
    List<Message> sent = new ArrayList<>();
    synchronized (this) {
      while (attached && !over && call != null && call.isReady() && !waiting.isEmpty()) {
        Message next = waiting.remove();
        call.onNext(next.request());
        sent.add(next);
      }
    }
    sent.forEach(message -> message.taken().complete(true));
  }

  /** Whoever is attached may be sent to. */
  private void attached() {
    synchronized (this) {
      attached = true;
    }
    sendWaiting();
  }

  /** Tells the runtime, which waits for it, that nothing more comes. */
  private void ended() {
    List<Message> left;
    synchronized (this) {
      ended = true;
      left = takeWaiting();
      if (!over && call != null) {
        call.onCompleted();
      }
    }
    left.forEach(message -> message.taken().complete(false));
  }

  /** Ends it; true when it had ended before. */
  private boolean end() {
    List<Message> left;
    boolean before;
    synchronized (this) {
      before = over;
      over = true;
      left = takeWaiting();
    }
    left.forEach(message -> message.taken().complete(false));
    return before;
  }

  private List<Message> takeWaiting() {
    List<Message> left = List.copyOf(waiting);
    waiting.clear();
    return left;
  }

  private synchronized boolean hasEnded() {
    return ended;
  }

  private final class Demand implements Flow.Subscription {
    @Override
    public void request(long count) {
      demand.request(count);
    }

    @Override
    public void cancel() {
      if (!end()) {
        demand.cancel();
      }
    }
  }

  private static final class NoDemand implements Flow.Subscription {
    @Override
    public void request(long count) {}

    @Override
    public void cancel() {}
  }

  private final class Events
      implements ClientResponseObserver<AttachSessionRequest, AttachSessionEvent> {

    private final Flow.Subscriber<? super Event> subscriber;

    Events(Flow.Subscriber<? super Event> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<AttachSessionRequest> stream) {
      demand.beforeStart(stream);
      stream.setOnReadyHandler(RuntimeAttachment.this::sendWaiting);
    }

    @Override
    public void onNext(AttachSessionEvent event) {
      Optional<Event> known = SessionMessages.event(event);
      if (known.isEmpty()) {
        demand.request(1); // the reader has asked for an event that it knows
        return;
      }
      if (known.get() instanceof Ended) {
        ended();
      }
      if (known.get() instanceof Attached) {
        attached();
      }
      subscriber.onNext(known.get());
    }

    @Override
    public void onError(Throwable failed) {
      boolean told = hasEnded();
      if (end()) {
        return;
      }
      if (told) {
        subscriber.onComplete();
      } else {
        subscriber.onError(RuntimeClient.problem(failed).asException(failed));
      }
    }

    @Override
    public void onCompleted() {
      if (!end()) {
        subscriber.onComplete();
      }
    }
  }
}
