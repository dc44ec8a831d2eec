package dev.paas.api.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

final class ReconcilerTest {

  @Test
  void aKeyIsWorkedOnByOneThreadAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger steps = new AtomicInteger();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            4,
            key -> {
              most.accumulateAndGet(inside.incrementAndGet(), Math::max);
              inside.decrementAndGet();
              return steps.incrementAndGet() < 200 ? Requeue.again() : Requeue.done();
            })) {
      for (int i = 0; i < 200; i++) {
        queue.enqueue("a");
      }
      Awaitility.await().until(() -> steps.get() >= 200);
    }
    assertThat(most).hasValue(1);
  }

  @Test
  void differentKeysRunBesideEachOther() {
    CountDownLatch both = new CountDownLatch(2);
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            2,
            key -> {
              both.countDown();
              assertThat(both.await(5, TimeUnit.SECONDS)).isTrue();
              return Requeue.done();
            })) {
      queue.enqueue("a");
      queue.enqueue("b");
      Awaitility.await().until(() -> both.getCount() == 0);
    }
  }

  @Test
  void aKeyEnqueuedWhileItRunsRunsOnceMore() throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger steps = new AtomicInteger();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              started.countDown();
              assertThat(go.await(5, TimeUnit.SECONDS)).isTrue();
              steps.incrementAndGet();
              return Requeue.done();
            })) {
      queue.enqueue("a");
      assertThat(started.await(5, TimeUnit.SECONDS)).isTrue();
      queue.enqueue("a");
      queue.enqueue("a");
      go.countDown();
      Awaitility.await().until(() -> steps.get() == 2);
    }
    assertThat(steps).hasValue(2);
  }

  @Test
  void aStepThatThrowsIsTriedAgain() {
    AtomicInteger steps = new AtomicInteger();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              if (steps.incrementAndGet() < 3) {
                throw new IllegalStateException("not yet");
              }
              return Requeue.done();
            })) {
      queue.enqueue("a");
      Awaitility.await().until(() -> steps.get() == 3);
    }
  }

  @Test
  void anEnqueueCutsTheBackoffShort() {
    Queue<Integer> failures = new ConcurrentLinkedQueue<>();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              failures.add(failures.size());
              return failures.size() == 1 ? Requeue.after(Duration.ofHours(1)) : Requeue.done();
            })) {
      queue.enqueue("a");
      Awaitility.await().until(() -> failures.size() == 1);
      queue.enqueue("a");
      Awaitility.await().until(() -> failures.size() == 2);
    }
  }

  @Test
  void theBackoffDoublesUpToABound() {
    assertThat(Reconciler.backoff(1)).isEqualTo(Duration.ofMillis(100));
    assertThat(Reconciler.backoff(2)).isEqualTo(Duration.ofMillis(200));
    assertThat(Reconciler.backoff(9)).isEqualTo(Duration.ofMillis(25600));
    assertThat(Reconciler.backoff(10)).isEqualTo(Duration.ofSeconds(30));
    assertThat(Reconciler.backoff(1000)).isEqualTo(Duration.ofSeconds(30));
  }
}
