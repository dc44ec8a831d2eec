package dev.paas.acceptance.poison;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import dev.paas.acceptance.threat.OtherUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One user pushes poison, two pushes at a time; another one works on as usual: F52 and F54 in
 * docs/reliability.md. {@code -Dpaas.seed=N} chooses what is pushed, {@code -Dpaas.poison.rounds=N}
 * how often, each time by the next seed.
 */
@ExtendWith(SharedPlatform.class)
final class PoisonFaultIT {
  private static final int PUSHERS = 2;
  private static final long SEED = Long.getLong("paas.seed", 7);
  private static final int ROUNDS = Integer.getInteger("paas.poison.rounds", 1);
  private static final int DECLINED = Integer.getInteger("paas.poison.declined", 12);

  /** Longer than any of them may take, a step's time and the start of an instance included. */
  private static final Duration NEVER_SILENT = Duration.ofSeconds(150);

  /** What a healthy push may take longer than usual: a turn of the two pushers. */
  private static final Duration TURN = Duration.ofSeconds(30);

  private final Platform platform;
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger poisoned = new AtomicInteger();

  PoisonFaultIT(Platform platform) {
    this.platform = platform;
  }

  private Map<String, Long> daemons() {
    Map<String, Long> pids = new TreeMap<>();
    for (String daemon : List.of("paasd", "paas-runtimed", "paas-routerd")) {
      pids.put(daemon, platform.pid(daemon));
    }
    return pids;
  }

  @Test
  void poisonedPushesEndWithAWordAndNobodyElseNotices()
      throws InterruptedException, ExecutionException {
    System.out.println("Poison of seed " + SEED + ", " + ROUNDS + " rounds.");
    ExecutorService pushers = Executors.newFixedThreadPool(PUSHERS);
    try (OtherUser mallory = new OtherUser(platform, "mallory");
        GitApp healthy = GitApp.of(platform, "healthy", Map.of("index.html", "0\n"))) {
      Map<String, Long> before = daemons();
      Duration usual = Collections.max(List.of(work(healthy), work(healthy), work(healthy)));
      List<Future<?>> pushed = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        long seed = SEED + round;
        for (Poison poison : Poisons.of(seed)) {
          pushed.add(pushers.submit(() -> push(poison, seed, mallory, before)));
        }
      }
      List<Duration> beside = new ArrayList<>();
      for (Future<?> push : pushed) {
        while (!push.isDone()) {
          beside.add(work(healthy));
        }
        push.get();
      }
      assertThat(wrong).as("seed %d", SEED).isEmpty();
      assertThat(Collections.max(beside))
          .as("the slowest of %d healthy pushes, which took %s before", beside.size(), usual)
          .isLessThan(usual.plus(TURN));
      assertThat(daemons()).as("the same daemons").isEqualTo(before);
    } finally {
      pushers.shutdownNow();
    }
    Aftermath.isClean(platform);
  }

  /** A healthy push: how long it took to be served. */
  private Duration work(GitApp app) {
    long start = System.nanoTime();
    String text = Long.toString(start);
    app.write("index.html", text + "\n");
    app.commit("Say " + text);
    app.push().succeed();
    assertThat(app.body("/")).contains(text);
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private void push(Poison poison, long seed, OtherUser mallory, Map<String, Long> before) {
    long start = System.nanoTime();
    try (GitApp app = GitApp.of(platform, "poison", poison.files())) {
      if (!poison.script().isEmpty()) {
        Command.of("bash", "-c", poison.script()).in(app.folder()).succeed();
        app.commit("Poison it");
      }
      judge(poison, seed, app.push().with(mallory.environment()).within(NEVER_SILENT).run());
    } catch (RuntimeException | AssertionError silent) {
      wrong.add("seed " + seed + ", " + poison + ": " + silent.getMessage());
    }
    if (!daemons().equals(before)) {
      wrong.add("seed " + seed + ", " + poison + ": a daemon ended");
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    System.out.printf("%d poisoned, %d ms: %s%n", poisoned.incrementAndGet(), millis, poison);
  }

  private void judge(Poison poison, long seed, Command.Outcome push) {
    boolean accepted = push.exit() == 0;
    boolean wanted =
        switch (poison.end()) {
          case ACCEPTED -> accepted;
          case DECLINED -> !accepted;
          case EITHER -> true;
        };
    if (!wanted || (!accepted && !isDeclined(push))) {
      String said = push.toString();
      String last = said.substring(Math.max(0, said.length() - 1500));
      wrong.add("seed " + seed + ", " + poison + ", not " + poison.end() + ": " + last);
    }
  }

  /** Git's own word for it, and ours: what is wrong, and a way out. */
  private static boolean isDeclined(Command.Outcome push) {
    return push.exit() == 1
        && push.err().contains("pre-receive hook declined")
        && !push.err().contains("The platform failed to run this");
  }

  /** F54 in docs/reliability.md. */
  @Test
  void everyDeclinedPushEndsWithGitsOwnWord() throws InterruptedException, ExecutionException {
    ExecutorService pushers = Executors.newFixedThreadPool(PUSHERS);
    List<GitApp> apps = new ArrayList<>();
    try {
      List<Future<?>> pushing = new ArrayList<>();
      for (int i = 0; i < PUSHERS; i++) {
        GitApp app = GitApp.of(platform, "declined", Map.of("Dockerfile", "FROM\n"));
        apps.add(app);
        pushing.add(pushers.submit(() -> decline(app, DECLINED / PUSHERS)));
      }
      for (Future<?> pusher : pushing) {
        pusher.get();
      }
    } finally {
      pushers.shutdownNow();
      apps.forEach(GitApp::close);
    }
    assertThat(wrong).isEmpty();
    Aftermath.isClean(platform);
  }

  private void decline(GitApp app, int times) {
    for (int i = 1; i <= times; i++) {
      app.write("Dockerfile", "FROM debian:bookworm-slim\nRUNN " + i + "\n");
      app.commit("Misspell it");
      Command.Outcome push = app.push().run();
      if (!isDeclined(push)) {
        wrong.add(app.name() + ", push " + i + ": " + push);
      }
      System.out.println(i + " declined of " + app.name());
    }
  }
}
