package dev.paas.acceptance.soak;

import dev.paas.acceptance.platform.Platform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Kills daemons with SIGKILL, one or several at a time, and waits until all work again. */
final class Kills implements AutoCloseable {
  private static final List<String> DAEMONS = List.of("paasd", "paas-runtimed", "paas-routerd");
  private static final String ROUTER = "paas-routerd";
  private static final int SHORTEST_PAUSE_MILLIS = 3_000;
  private static final int LONGEST_PAUSE_MILLIS = 9_000;
  private static final Duration BACK_WITHIN = Duration.ofMinutes(3);

  private final Chronicle chronicle;
  private final Platform platform;
  private final SoakApp asked;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExecutorService killer = Executors.newSingleThreadExecutor();
  private final Map<String, Integer> killed = new TreeMap<>();
  private final List<Double> outages = Collections.synchronizedList(new ArrayList<>());
  private final List<String> failures = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param asked the app whose first answer says that the router is back
   */
  Kills(Chronicle chronicle, Platform platform, SoakApp asked, long seed) {
    this.chronicle = chronicle;
    this.platform = platform;
    this.asked = asked;
    Random random = new Random(seed);
    killer.execute(() -> keepKilling(random));
  }

  private void keepKilling(Random random) {
    try {
      int span = LONGEST_PAUSE_MILLIS - SHORTEST_PAUSE_MILLIS;
      while (!ended.await(SHORTEST_PAUSE_MILLIS + random.nextInt(span), TimeUnit.MILLISECONDS)) {
        Set<String> victims = new LinkedHashSet<>();
        int count = 1 + Math.max(0, random.nextInt(10) - 7);
        while (victims.size() < count) {
          victims.add(DAEMONS.get(random.nextInt(DAEMONS.size())));
        }
        try {
          kill(victims);
        } catch (RuntimeException | AssertionError failed) {
          failures.add(victims + ": " + failed);
          chronicle.say("FAILED kill of " + victims + ": " + failed);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void kill(Set<String> victims) {
    List<Chronicle.Event> events = new ArrayList<>();
    Chronicle.Event outage = null;
    try {
      for (String victim : victims) {
        if (victim.equals(ROUTER)) {
          // Supervisors hold back what died within a second of its start.
          Awaitility.await("the router has been running for more than a second")
              .until(() -> platform.secondsOf(ROUTER) >= 2);
          outage = chronicle.begin("kill -9 " + victim, Chronicle.Effect.CONNECTIONS);
          events.add(outage);
        } else {
          events.add(chronicle.begin("kill -9 " + victim, Chronicle.Effect.COMMANDS));
        }
        ProcessHandle.of(platform.pid(victim)).ifPresent(ProcessHandle::destroyForcibly);
        killed.merge(victim, 1, Integer::sum);
      }
      chronicle.say("kill -9 " + String.join(" ", victims));
      if (outage != null) {
        awaitRouter(outage);
      }
      awaitPlatform();
    } finally {
      events.forEach(Chronicle.Event::ended);
    }
  }

  private void awaitRouter(Chronicle.Event outage) {
    Awaitility.await("the router serves again")
        .atMost(BACK_WITHIN)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(2))
        .until(this::answers);
    outage.ended();
    double seconds = Chronicle.seconds(System.nanoTime() - outage.from());
    outages.add(seconds);
    chronicle.say(
        "the router served again after %.3f s (%s of processor time)"
            .formatted(seconds, processorTime()));
  }

  /** What its start cost: tells a slow start from a busy host. */
  private String processorTime() {
    return ProcessHandle.of(platform.pid(ROUTER))
        .flatMap(router -> router.info().totalCpuDuration())
        .map(used -> used.toMillis() + " ms")
        .orElse("unknown");
  }

  private boolean answers() {
    try {
      return platform.get(asked.name(), "/").statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private void awaitPlatform() {
    Awaitility.await("the platform knows again what runs")
        .atMost(BACK_WITHIN)
        .until(() -> platform.paas("ps", "-a", asked.name()).run().exit() == 0);
  }

  Map<String, Integer> killed() {
    return killed;
  }

  /** From each kill of the router until it answered again, in seconds. */
  List<Double> outages() {
    return List.copyOf(outages);
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    ended.countDown();
    killer.shutdown();
    try {
      if (!killer.awaitTermination(7, TimeUnit.MINUTES)) {
        failures.add("the last kill did not end");
        killer.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
