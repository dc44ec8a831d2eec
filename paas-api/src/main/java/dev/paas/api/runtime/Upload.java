package dev.paas.api.runtime;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A call with many messages out and one answer back. A message waits until the connection takes it,
 * so that a large upload costs no heap.
 *
 * @param <Q> what is sent
 * @param <A> the answer
 */
public final class Upload<Q, A> {

  private final CompletableFuture<A> answer = new CompletableFuture<>();
  private @Nullable ClientCallStreamObserver<Q> call;

  /** Starts the call, e.g. {@code new Upload<>(client.streaming()::putTree)}. */
  public Upload(Function<StreamObserver<A>, StreamObserver<Q>> method) {
    // The stream of messages is the one that beforeStart was given.
    var unused = method.apply(new Answer());
  }

  /**
   * Sends one message; does nothing once the call has ended, whose reason {@link #finish} tells.
   *
   * @throws IOException when the thread is interrupted
   */
  public void send(Q message) throws IOException {
    synchronized (this) {
      try {
        while (!answer.isDone() && !call().isReady()) {
          wait();
        }
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", stop);
      }
    }
    if (!answer.isDone()) {
      call().onNext(message);
    }
  }

  /** Says that nothing more comes, and waits for the answer. */
  public A finish() throws InterruptedException {
    if (!answer.isDone()) {
      call().onCompleted();
    }
    try {
      return answer.get();
    } catch (ExecutionException refused) {
      if (refused.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(refused.getCause());
    }
  }

  /** Gives the call up. */
  public void cancel(String why) {
    call().cancel(why, null);
  }

  private synchronized ClientCallStreamObserver<Q> call() {
    if (call == null) {
      throw new IllegalStateException("the call has not started");
    }
    return call;
  }

  private synchronized void wake() {
    notifyAll();
  }

  private final class Answer implements ClientResponseObserver<Q, A> {

    @Override
    public void beforeStart(ClientCallStreamObserver<Q> stream) {
      synchronized (Upload.this) {
        call = stream;
      }
      stream.setOnReadyHandler(Upload.this::wake);
    }

    @Override
    public void onNext(A value) {
      answer.complete(value);
      wake();
    }

    @Override
    public void onError(Throwable failed) {
      answer.completeExceptionally(RuntimeClient.problem(failed).asException(failed));
      wake();
    }

    @Override
    public void onCompleted() {
      answer.completeExceptionally(new IllegalStateException("the call had no answer"));
      wake();
    }
  }
}
