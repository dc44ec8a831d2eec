package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.RuntimeGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * How the contract's calls come, how answers go and how failures are told. Who answers which call
 * is said by the groups.
 */
public final class RuntimeCalls {

  private final ServerServiceDefinition.Builder bound =
      ServerServiceDefinition.builder(RuntimeGrpc.getServiceDescriptor());

  private final ExecutorService jobs;

  private RuntimeCalls(ExecutorService jobs) {
    this.jobs = jobs;
  }

  /** Calls that one part of the runtime answers. */
  public interface Group {
    void bind(RuntimeCalls calls);
  }

  /**
   * The whole contract, each call of which is answered by one of the groups.
   *
   * @param jobs runs what blocks: builds, pulls, streams
   */
  public static ServerServiceDefinition of(ExecutorService jobs, List<Group> groups) {
    RuntimeCalls calls = new RuntimeCalls(jobs);
    groups.forEach(group -> group.bind(calls));
    return calls.bound.build();
  }

  interface Answer<Q, A> {
    A to(Q request) throws Exception;
  }

  interface Stream<Q, A> {
    void run(Q request, Outgoing<A> outgoing) throws Exception;
  }

  interface Subscription<Q, A> {
    void open(Q request, ServerCallStreamObserver<A> observer) throws Exception;
  }

  private interface Job {
    void run() throws Exception;
  }

  /** A call that is soon answered. */
  <Q, A> void answer(MethodDescriptor<Q, A> method, Answer<Q, A> work) {
    bind(
        method,
        (request, observer) -> {
          A answer;
          try {
            answer = work.to(request);
          } catch (Throwable failed) {
            // The edge of the process: every failure becomes an answer, or the caller waits for
            // ever.
            observer.onError(Failures.of(name(method), failed));
            return;
          }
          observer.onNext(answer);
          observer.onCompleted();
        });
  }

  /** A call that is answered when the work is done; no thread waits for that. */
  @SuppressWarnings("FutureReturnValueIgnored")
  <Q, A> void answerLater(MethodDescriptor<Q, A> method, Answer<Q, CompletableFuture<A>> work) {
    bind(
        method,
        (request, observer) -> {
          CompletableFuture<A> begun;
          try {
            begun = work.to(request);
          } catch (Throwable failed) { // or the caller waits for ever
            observer.onError(Failures.of(name(method), failed));
            return;
          }
          begun.whenComplete(
              (answer, failed) -> {
                if (failed == null) {
                  observer.onNext(answer);
                  observer.onCompleted();
                } else {
                  observer.onError(Failures.of(name(method), cause(failed)));
                }
              });
        });
  }

  // A future that was made of another one wraps that one's failure.
  private static Throwable cause(Throwable failed) {
    return failed instanceof CompletionException && failed.getCause() != null
        ? failed.getCause()
        : failed;
  }

  /**
   * A call whose answers a job of its own makes; the job is interrupted when the caller goes away.
   */
  <Q, A> void stream(MethodDescriptor<Q, A> method, Stream<Q, A> stream) {
    bind(
        method,
        (request, observer) ->
            run(name(method), observer, outgoing -> stream.run(request, outgoing)));
  }

  /** The same for a call that is a stream of requests. */
  <Q, A> void streamOfRequests(MethodDescriptor<Q, A> method, Stream<Incoming<Q>, A> stream) {
    ServerCalls.BidiStreamingMethod<Q, A> call =
        observer -> {
          ServerCallStreamObserver<A> answers = (ServerCallStreamObserver<A>) observer;
          Incoming<Q> incoming = new Incoming<>(answers);
          run(name(method), observer, outgoing -> stream.run(incoming, outgoing));
          return incoming;
        };
    bound.addMethod(
        method,
        method.getType() == MethodDescriptor.MethodType.CLIENT_STREAMING
            ? ServerCalls.asyncClientStreamingCall(call::invoke)
            : ServerCalls.asyncBidiStreamingCall(call));
  }

  /** A call that answers for as long as its caller listens. */
  <Q, A> void subscribe(MethodDescriptor<Q, A> method, Subscription<Q, A> subscription) {
    bind(
        method,
        (request, observer) -> {
          try {
            subscription.open(request, (ServerCallStreamObserver<A>) observer);
          } catch (Throwable failed) { // or the caller waits for ever
            observer.onError(Failures.of(name(method), failed));
          }
        });
  }

  private <Q, A> void bind(MethodDescriptor<Q, A> method, BiConsumer<Q, StreamObserver<A>> call) {
    bound.addMethod(
        method,
        method.getType() == MethodDescriptor.MethodType.UNARY
            ? ServerCalls.asyncUnaryCall(call::accept)
            : ServerCalls.asyncServerStreamingCall(call::accept));
  }

  private static String name(MethodDescriptor<?, ?> method) {
    return String.valueOf(method.getBareMethodName());
  }

  private interface Answers<A> {
    void send(Outgoing<A> outgoing) throws Exception;
  }

  private <A> void run(String call, StreamObserver<A> observer, Answers<A> answers) {
    AtomicReference<@Nullable Future<?>> job = new AtomicReference<>();
    ServerCallStreamObserver<A> caller = (ServerCallStreamObserver<A>) observer;
    Outgoing<A> outgoing = new Outgoing<>(caller, () -> cancel(job.get()));
    job.set(start(call, outgoing, () -> answers.send(outgoing)));
    if (caller.isCancelled()) {
      cancel(job.get());
    }
  }

  private Future<?> start(String call, Outgoing<?> outgoing, Job job) {
    try {
      return jobs.submit(
          () -> {
            try {
              job.run();
              outgoing.complete();
            } catch (Throwable failed) { // or the caller waits for ever
              outgoing.fail(call, failed);
            }
          });
    } catch (RejectedExecutionException full) {
      outgoing.fail(call, Failures.busy());
      return CompletableFuture.completedFuture(null);
    }
  }

  private static void cancel(@Nullable Future<?> job) {
    if (job != null) {
      job.cancel(true);
    }
  }
}
