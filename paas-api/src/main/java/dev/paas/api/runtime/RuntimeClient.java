package dev.paas.api.runtime;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.RemoveAppRequest;
import dev.paas.contract.runtime.RuntimeGrpc;
import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The one way to paas-runtimed: gRPC on its unix socket. Failures leave as {@link PaasException}:
 * the runtime's own problem where it sent one, {@code runtime.unavailable} where it is away.
 */
public final class RuntimeClient implements AutoCloseable {

  private static final Metadata.Key<byte[]> PROBLEM =
      Metadata.Key.of("paas-problem-bin", Metadata.BINARY_BYTE_MARSHALLER);

  /** One message: an inventory of some thousand instances, in bytes. */
  private static final int MAX_MESSAGE = 16 << 20;

  /** Short calls that do not answer within this have lost their daemon. */
  private static final Duration SHORT_CALL = Duration.ofSeconds(30);

  /** Callbacks run here; they only hand over. */
  private static final int CALLBACK_THREADS = 4;

  private final EventLoopGroup loop;
  private final ExecutorService callbacks;
  private final ManagedChannel channel;

  public RuntimeClient(Path socket) {
    this.loop = new EpollEventLoopGroup(1, new DefaultThreadFactory("runtime-io", true));
    this.callbacks =
        Executors.newFixedThreadPool(
            CALLBACK_THREADS, new DefaultThreadFactory("runtime-calls", true));
    this.channel =
        NettyChannelBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .overrideAuthority("localhost")
            .channelType(EpollDomainSocketChannel.class)
            .eventLoopGroup(loop)
            .executor(callbacks)
            .maxInboundMessageSize(MAX_MESSAGE)
            .usePlaintext()
            .build();
  }

  /** For calls that answer soon. */
  public RuntimeGrpc.RuntimeBlockingStub now() {
    return RuntimeGrpc.newBlockingStub(channel)
        .withDeadlineAfter(SHORT_CALL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** For calls that take as long as they take: builds, pulls. */
  public RuntimeGrpc.RuntimeBlockingStub patiently() {
    return RuntimeGrpc.newBlockingStub(channel);
  }

  /** For streams. */
  public RuntimeGrpc.RuntimeStub streaming() {
    return RuntimeGrpc.newStub(channel);
  }

  /**
   * Removes all that paas-runtimed has of an app: what runs of it, logs, images, caches. May be
   * asked for again.
   *
   * @param patience how long to wait for that
   */
  public void removeApp(AppName app, Duration patience) {
    RemoveAppRequest request = RemoveAppRequest.newBuilder().setApp(app.value()).build();
    call(
        () ->
            patiently()
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
                .removeApp(request));
  }

  /** Runs a blocking call and translates its failure. */
  public <T> T call(Supplier<T> call) {
    try {
      return call.get();
    } catch (StatusRuntimeException failed) {
      throw problem(failed).asException(failed);
    }
  }

  /** Starts an asynchronous call that has one answer. */
  public <Q, A> CompletableFuture<A> ask(Q request, BiConsumer<Q, StreamObserver<A>> method) {
    CompletableFuture<A> answer = new CompletableFuture<>();
    method.accept(
        request,
        new StreamObserver<A>() {
          @Override
          public void onNext(A value) {
            answer.complete(value);
          }

          @Override
          public void onError(Throwable failed) {
            answer.completeExceptionally(problem(failed).asException(failed));
          }

          @Override
          public void onCompleted() {
            answer.completeExceptionally(new IllegalStateException("the call had no answer"));
          }
        });
    return answer;
  }

  /** Connect now instead of after the channel's back-off. */
  public void connectNow() {
    channel.resetConnectBackoff();
  }

  /** What a failed call means for a person. */
  public static Problem problem(Throwable failed) {
    Status status = Status.fromThrowable(failed);
    Metadata trailers = Status.trailersFromThrowable(failed);
    byte[] sent = trailers == null ? null : trailers.get(PROBLEM);
    if (sent != null) {
      try {
        var problem = dev.paas.contract.runtime.Problem.parseFrom(sent);
        return new Problem(
            ReceivedKind.of(problem),
            problem.getCode(),
            problem.getWhat(),
            problem.getValue(),
            problem.getFix());
      } catch (InvalidProtocolBufferException unreadable) {
        return internal(status);
      }
    }
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED -> away(status);
      case CANCELLED ->
          isCancelledHere()
              ? Problem.of(
                  Kind.CANCELLED,
                  "runtime.cancelled",
                  "The call was cancelled",
                  "Start it again if you need it.")
              : away(status);
      default -> internal(status);
    };
  }

  /**
   * A runtime that is told to stop cancels what it is busy with: to its caller that is an outage.
   */
  private static boolean isCancelledHere() {
    return Context.current().isCancelled() || Thread.currentThread().isInterrupted();
  }

  private static Problem away(Status status) {
    return away(String.valueOf(status.getDescription()));
  }

  /**
   * What is said where the runtime is needed and away.
   *
   * @param value why, or what it is needed for
   */
  public static Problem away(String value) {
    return Problem.of(
        Kind.UNAVAILABLE,
        "runtime.unavailable",
        "The runtime (paas-runtimed) does not answer",
        value,
        "Running apps are not affected. Try again in a moment, or see paas doctor.");
  }

  private static Problem internal(Status status) {
    return Problem.of(
        Kind.FAILED,
        "runtime.failed",
        "The runtime (paas-runtimed) failed",
        status.getCode() + ": " + status.getDescription(),
        "Read its log; the running apps are not affected.");
  }

  @Override
  public void close() {
    channel.shutdownNow();
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    callbacks.shutdown();
  }
}
