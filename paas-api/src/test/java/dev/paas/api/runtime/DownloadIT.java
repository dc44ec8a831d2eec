package dev.paas.api.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.fake.FakeRuntime;
import dev.paas.contract.runtime.PullImageEvent;
import dev.paas.contract.runtime.PullImageRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Calls with many messages back, whose readers ask for them from another thread. */
final class DownloadIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void whoeverAsksWhileTheCallBeginsIsServed() throws Exception {
    Path socket = folder.resolve("runtime.sock");
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (FakeRuntime runtime = new FakeRuntime(socket);
        RuntimeClient client = new RuntimeClient(socket)) {
      for (int round = 0; round < 300; round++) {
        PullImageRequest request =
            PullImageRequest.newBuilder().setRef("quay.io/a/b:" + round).build();
        Reader reader = new Reader(other);
        new Download<PullImageRequest, PullImageEvent>(
                answer -> client.streaming().pullImage(request, answer))
            .subscribe(reader);
        assertThat(reader.end).as("round %d", round).succeedsWithin(SOON);
        assertThat(reader.events).hasSize(2);
      }
      assertThat(runtime.logins()).hasSize(300);
    } finally {
      other.shutdownNow();
    }
  }

  /** Asks for one message after the other, while the call begins on the test's thread. */
  private static final class Reader implements Flow.Subscriber<PullImageEvent> {

    private final ExecutorService other;
    private final List<PullImageEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Boolean> end = new CompletableFuture<>();

    Reader(ExecutorService other) {
      this.other = other;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      CountDownLatch asks = new CountDownLatch(1);
      other.execute(
          () -> {
            asks.countDown();
            try {
              while (!end.isDone() && !Thread.interrupted()) {
                subscription.request(1);
              }
            } catch (RuntimeException refused) {
              end.completeExceptionally(refused);
            }
          });
      try {
        asks.await();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onNext(PullImageEvent event) {
      events.add(event);
    }

    @Override
    public void onError(Throwable failed) {
      end.completeExceptionally(failed);
    }

    @Override
    public void onComplete() {
      end.complete(true);
    }
  }
}
