package dev.paas.runtime.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.image.StoredImage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Many launches at once, held where each needs its image. */
final class LaunchQueueIT {

  private static final int CROWD = 12;

  @SuppressWarnings("NullAway.Init")
  private Bench bench;

  private final CountDownLatch held = new CountDownLatch(1);

  @BeforeEach
  void open() throws IOException {
    bench = new Bench("rtlq", "10.214.110.0/24", "settle = \"100ms\"\n");
    bench.instances.adopt();
  }

  @AfterEach
  void close() throws Exception {
    held.countDown();
    bench.close();
  }

  private StoredImage heldImage(String digest) {
    if (InstanceFaultIT.isLaunching()) {
      try {
        held.await();
      } catch (InterruptedException stopped) {
        throw new IllegalStateException(stopped);
      }
    }
    return bench.host.image(digest);
  }

  private static InstanceSpec member(int slot) {
    InstanceSpec.Builder spec = Bench.spec("crowd", "sleep 1000");
    return spec.setId(spec.getId().toBuilder().setSlot(slot)).build();
  }

  private List<CompletableFuture<Instance>> startCrowd() {
    bench.host.images = this::heldImage;
    List<CompletableFuture<Instance>> starts = new ArrayList<>();
    for (int slot = 1; slot <= CROWD; slot++) {
      starts.add(bench.instances.start(member(slot)));
    }
    return starts;
  }

  @Test
  void launchesThatWaitKeepNeitherListsNorStopsWaiting() throws Exception {
    Instance other = bench.server("other");
    List<CompletableFuture<Instance>> starts = startCrowd();
    assertThat(bench.instances.list("crowd"))
        .hasSize(CROWD)
        .allMatch(instance -> instance.getState() == Instance.State.STARTING);
    bench.instances.stop(other.getId(), Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
    assertThat(bench.find("other")).isEmpty();
    assertThat(starts).noneMatch(CompletableFuture::isDone);
    held.countDown();
    for (CompletableFuture<Instance> start : starts) {
      assertThat(start.get(60, TimeUnit.SECONDS).getPid()).isPositive();
    }
  }

  @Test
  void anInstanceThatIsStoppedWhileItsLaunchWaitsIsNeverLaunched() throws Exception {
    List<CompletableFuture<Instance>> starts = startCrowd();
    InstanceId last = member(CROWD).getId();
    bench.instances.stop(last, Duration.ofSeconds(5)).get(20, TimeUnit.SECONDS);
    assertThat(bench.instances.list("crowd")).hasSize(CROWD - 1);
    assertThat(starts).noneMatch(CompletableFuture::isDone);
    held.countDown();
    Instance answer = starts.get(CROWD - 1).get(60, TimeUnit.SECONDS);
    assertThat(answer.getState()).isEqualTo(Instance.State.STOPPING);
    assertThat(answer.getPid()).isZero();
    assertThat(bench.host.parts.claims().held(Bench.container(answer))).isFalse();
  }

  @Test
  void aSecondStartOfAnInstanceIsAnsweredWhenTheFirstIs() throws Exception {
    List<CompletableFuture<Instance>> starts = startCrowd();
    CompletableFuture<Instance> again = bench.instances.start(member(1));
    assertThat(again).isNotDone();
    held.countDown();
    assertThat(again.get(60, TimeUnit.SECONDS).getPid())
        .isEqualTo(starts.get(0).get(60, TimeUnit.SECONDS).getPid());
  }

  @Test
  void launchesThatWaitWhenTheDaemonEndsAreDoneByTheNext() throws Exception {
    startCrowd();
    CompletableFuture<Void> ended =
        CompletableFuture.runAsync(
            () -> {
              try {
                bench.end();
              } catch (IOException failed) {
                throw new java.io.UncheckedIOException(failed);
              }
            },
            task -> new Thread(task, "end").start());
    assertThat(ended).isNotDone();
    held.countDown();
    ended.get(60, TimeUnit.SECONDS);
    bench.begin();
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(
            () ->
                assertThat(bench.instances.list("crowd"))
                    .hasSize(CROWD)
                    .allMatch(instance -> instance.getState() == Instance.State.RUNNING)
                    .allMatch(instance -> instance.getRestarts() == 0));
  }
}
