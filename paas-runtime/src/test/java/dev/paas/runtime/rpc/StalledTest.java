package dev.paas.runtime.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

final class StalledTest {

  private static final Duration SHORT = Duration.ofMillis(5);

  /** A caller who is there, sends nothing and takes nothing. */
  private static final class Silent extends ServerCallStreamObserver<String> {
    private boolean gone;

    @Override
    public boolean isReady() {
      return false;
    }

    @Override
    public boolean isCancelled() {
      return gone;
    }

    @Override
    public void setOnCancelHandler(Runnable handler) {}

    @Override
    public void setOnReadyHandler(Runnable handler) {}

    @Override
    public void setCompression(String compression) {}

    @Override
    public void setMessageCompression(boolean enable) {}

    @Override
    public void disableAutoInboundFlowControl() {}

    @Override
    public void disableAutoRequest() {}

    @Override
    public void request(int count) {}

    @Override
    public void onNext(String value) {}

    @Override
    public void onError(Throwable failed) {}

    @Override
    public void onCompleted() {}
  }

  @Test
  void whoSendsNothingIsNotWaitedForForEver() {
    assertThatThrownBy(() -> new Incoming<String>(new Silent()).within(SHORT).first())
        .hasMessageContaining("image.stalled");
  }

  @Test
  void whoTakesNothingIsNotWaitedForForEver() {
    Outgoing<String> outgoing = new Outgoing<>(new Silent(), () -> {}).within(SHORT);
    assertThatThrownBy(() -> outgoing.send("a")).hasMessageContaining("image.stalled");
  }

  @Test
  void whoHasGoneIsNotCalledSlow() {
    Silent caller = new Silent();
    Outgoing<String> outgoing = new Outgoing<>(caller, () -> {}).within(Duration.ofHours(1));
    caller.gone = true;
    assertThatThrownBy(() -> outgoing.send("a")).isInstanceOf(CancellationException.class);
  }

  @Test
  void whatHasComeIsReadAtOnce() {
    Incoming<String> incoming = new Incoming<String>(new Silent()).within(Duration.ofHours(1));
    incoming.onNext("a");
    incoming.onCompleted();
    assertThat(incoming.first()).isEqualTo("a");
    assertThat(incoming.hasNext()).isFalse();
  }
}
