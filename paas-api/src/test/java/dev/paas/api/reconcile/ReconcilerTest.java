package dev.paas.api.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ReconcilerTest {

  /** Time in which enough of it has passed after the least number of tries. */
  private static final Ticker QUICK = () -> 20 * System.nanoTime();

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

  /** Whatever a step may throw. */
  static List<Supplier<Throwable>> failures() {
    return List.of(
        () -> new IllegalStateException("a bug"),
        () -> new IOException("a broken disk"),
        StackOverflowError::new,
        () -> new LinkageError("a broken installation"),
        () ->
            Problem.of(Kind.NOT_FOUND, "release.not-found", "A row is missing", "None.")
                .asException());
  }

  @ParameterizedTest
  @MethodSource("failures")
  void workWhoseStepFailsAgainAndAgainIsEndedOnceAndTheQueueGoesOn(Supplier<Throwable> failure) {
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger others = new AtomicInteger();
    Queue<Throwable> ends = new ConcurrentLinkedQueue<>();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              if (key.equals("other")) {
                others.incrementAndGet();
              } else if (!over.get()) {
                tries.incrementAndGet();
                throw thrown(failure.get());
              }
              return Requeue.done();
            },
            (key, cause) -> {
              ends.add(cause);
              over.set(true);
              return true;
            },
            QUICK)) {
      queue.enqueue("poisoned");
      Awaitility.await().until(() -> !ends.isEmpty());
      queue.enqueue("other");
      Awaitility.await().until(() -> others.get() == 1);
      assertThat(queue.troubles()).isEmpty();
    }
    assertThat(ends).singleElement().isInstanceOf(failure.get().getClass());
    assertThat(tries).hasValueGreaterThanOrEqualTo(Reconciler.TRIES);
  }

  @Test
  void whoeverWakesAKeyAllTheTimeDoesNotUseUpItsTries() {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger ends = new AtomicInteger();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              tries.incrementAndGet();
              throw new IllegalStateException("not yet");
            },
            (key, cause) -> ends.incrementAndGet() > 0,
            nanos::get)) {
      for (int i = 0; i < 50; i++) {
        again(queue, tries);
      }
      assertThat(ends).hasValue(0);
      nanos.addAndGet(Reconciler.TRIES_TAKE.toNanos());
      queue.enqueue("a");
      Awaitility.await().until(() -> ends.get() == 1);
    }
  }

  /** Waits that are no tries. */
  static List<Supplier<Throwable>> outages() {
    return List.of(
        () -> problem(Kind.UNAVAILABLE, "runtime.unavailable"),
        () -> problem(Kind.UNAVAILABLE, "router.unavailable"),
        () -> problem(Kind.FULL, "store.full"),
        () -> problem(Kind.UNAVAILABLE, "store.unavailable"),
        () -> problem(Kind.FULL, "disk.full"),
        () -> new IOException("No space left on device"));
  }

  @ParameterizedTest
  @MethodSource("outages")
  void anOutageIsNoTryHoweverLongItTakes(Supplier<Throwable> outage) {
    AtomicLong nanos = new AtomicLong();
    AtomicInteger tries = new AtomicInteger();
    AtomicInteger ends = new AtomicInteger();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              tries.incrementAndGet();
              nanos.addAndGet(Duration.ofHours(1).toNanos());
              throw thrown(outage.get());
            },
            (key, cause) -> ends.incrementAndGet() > 0,
            nanos::get)) {
      for (int i = 0; i < 10; i++) {
        again(queue, tries);
      }
      assertThat(queue.troubles()).isEmpty();
    }
    assertThat(ends).hasValue(0);
  }

  @Test
  void aDutyIsNeverGivenUpAndShowsThatItFails() {
    AtomicInteger tries = new AtomicInteger();
    AtomicBoolean well = new AtomicBoolean();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              tries.incrementAndGet();
              if (!well.get()) {
                throw new StackOverflowError();
              }
              return Requeue.done();
            })) {
      for (int i = 0; i < Reconciler.WORTH_TELLING; i++) {
        again(queue, tries);
      }
      Awaitility.await()
          .untilAsserted(
              () ->
                  assertThat(queue.troubles())
                      .singleElement()
                      .satisfies(trouble -> assertThat(trouble.key()).isEqualTo("a")));
      well.set(true);
      queue.enqueue("a");
      Awaitility.await().until(() -> queue.troubles().isEmpty());
    }
  }

  @Test
  void anEndThatFailsIsTriedAgain() {
    AtomicInteger ends = new AtomicInteger();
    try (Reconciler<String> queue =
        new Reconciler<>(
            "test",
            1,
            key -> {
              if (ends.get() > 1) {
                return Requeue.done();
              }
              throw new IllegalStateException("a bug");
            },
            (key, cause) -> {
              if (ends.incrementAndGet() == 1) {
                throw new IllegalStateException("the end fails, too");
              }
              return true;
            },
            QUICK)) {
      queue.enqueue("a");
      Awaitility.await().until(() -> ends.get() == 2);
    }
  }

  /** One more step for the key, whatever its backoff says. */
  private static void again(Reconciler<String> queue, AtomicInteger steps) {
    int before = steps.get();
    queue.enqueue("a");
    Awaitility.await().until(() -> steps.get() > before);
  }

  private static PaasException problem(Kind kind, String code) {
    return Problem.of(kind, code, "It is away", "Wait.").asException();
  }

  private static Exception thrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    return (Exception) failure;
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
}
