package dev.paas.api.fake;

import dev.paas.api.scheduler.InstanceSpec;
import dev.paas.api.scheduler.Run;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.contract.runtime.RunOneOffEvent;
import dev.paas.contract.runtime.RunOneOffRequest;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A call of {@code RunOneOff}: carries a scheduler's run over gRPC. */
final class OneOffCall implements StreamObserver<RunOneOffRequest> {

  private final Scheduler scheduler;
  private final ServerCallStreamObserver<RunOneOffEvent> answer;
  private @Nullable Run run;
  private volatile @Nullable Cancellable reading;

  OneOffCall(Scheduler scheduler, ServerCallStreamObserver<RunOneOffEvent> answer) {
    this.scheduler = scheduler;
    this.answer = answer;
    answer.setOnCancelHandler(
        () -> {
          Cancellable going = reading;
          if (going != null) {
            going.cancel();
          }
        });
  }

  @Override
  public void onNext(RunOneOffRequest request) {
    try {
      Run going = run;
      if (going == null) {
        begin(FakeMessages.spec(request.getSpec()));
      } else if (request.getSignal() > 0) {
        going.signal(request.getSignal());
      } else if (request.getStdinClosed()) {
        going.stdinClosed();
      } else {
        going.stdin(request.getStdin().toByteArray(), request.getStdin().size());
      }
    } catch (IOException interrupted) {
      throw new UncheckedIOException(interrupted);
    }
  }

  private void begin(InstanceSpec spec) {
    Run begun = scheduler.run(spec);
    run = begun;
    reading =
        Multi.createFrom()
            .publisher(begun)
            .subscribe()
            .with(
                event -> answer.onNext(FakeMessages.event(spec.name(), event)),
                failed -> answer.onError(FakeMessages.failure(failed)),
                answer::onCompleted);
  }

  @Override
  public void onError(Throwable hungUp) {}

  @Override
  public void onCompleted() {
    try {
      Run going = run;
      if (going != null) {
        going.stdinClosed();
      }
    } catch (IOException interrupted) {
      throw new UncheckedIOException(interrupted);
    }
  }
}
