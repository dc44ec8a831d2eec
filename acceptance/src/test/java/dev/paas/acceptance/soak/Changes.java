package dev.paas.acceptance.soak;

import dev.paas.acceptance.platform.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** Deploys, scales, rolls back, configures and restarts apps, one change of an app at a time. */
final class Changes implements AutoCloseable {
  private static final int AT_ONCE = 2;
  private static final int LONGEST_PAUSE_MILLIS = 1_500;
  private static final long TRY_FOR = TimeUnit.MINUTES.toNanos(3);

  /** From an acknowledgement that a kill has cut off until the change serves by itself. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  private final Chronicle chronicle;
  private final List<SoakApp> apps;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE);
  private final Map<String, Integer> done = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private int disturbed;

  Changes(Chronicle chronicle, List<SoakApp> apps, long seed) {
    this.chronicle = chronicle;
    this.apps = apps;
    for (int i = 0; i < AT_ONCE; i++) {
      Random random = new Random(seed + i);
      threads.execute(() -> keepChanging(random));
    }
  }

  private void keepChanging(Random random) {
    try {
      while (!ended.await(random.nextInt(LONGEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS)) {
        SoakApp app = apps.get(random.nextInt(apps.size()));
        if (app.lock().tryLock()) {
          try {
            long began = System.nanoTime();
            try {
              make(app, choose(app, random));
            } catch (RuntimeException | AssertionError failed) {
              judge(app.name(), failed.toString(), began);
            }
          } finally {
            app.lock().unlock();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static SoakApp.Change choose(SoakApp app, Random random) {
    int dice = random.nextInt(16);
    if (dice < 5) {
      return app.push();
    } else if (dice < 9) {
      return app.scale(random);
    } else if (dice < 10) {
      return app.canBreak() ? app.brokenPush() : app.restart();
    } else if (dice < 11) {
      return app.restart();
    } else if (dice < 13) {
      return app.rollback(random);
    } else if (dice < 14) {
      return app.config(random);
    } else {
      return app.canRun() && dice < 15 ? app.run() : app.look();
    }
  }

  /**
   * Makes a change, again where a killed daemon was in its way: what was acknowledged holds, what
   * was cut off is asked for once more.
   */
  private void make(SoakApp app, SoakApp.Change change) {
    String name = app.name() + ": " + change.name();
    Chronicle.Event event = chronicle.begin(name, Chronicle.Effect.NONE);
    try {
      boolean cutOff = false;
      long first = System.nanoTime();
      for (long began = first; began - first < TRY_FOR; began = System.nanoTime()) {
        Command.Outcome outcome = change.command().run();
        long ended = System.nanoTime();
        boolean excused =
            chronicle.excuses(Chronicle.Effect.COMMANDS, began, ended)
                || (outcome.all().contains(".poisoned")
                    && chronicle.excuses(Chronicle.Effect.COMMANDS, Long.MIN_VALUE, ended));
        String told =
            "%s%s (%.1f s)"
                .formatted(
                    name,
                    outcome.exit() == 0 ? "" : " ended with " + outcome.exit(),
                    Chronicle.seconds(ended - began));
        if ((outcome.exit() == 0) != change.refused()) {
          chronicle.say(told);
          if (cutOff) {
            serves(app, change, name);
          }
          change.done().run();
          app.remember();
          count(change.name().split(" ")[0]);
          return;
        }
        if (!excused) {
          fail(told + "\n" + outcome.all());
          return;
        }
        cutOff = true;
        chronicle.say(told + " while a daemon was down: " + said(outcome));
        synchronized (this) {
          disturbed++;
        }
        Awaitility.await("the platform answers again")
            .atMost(SETTLED_WITHIN)
            .pollInterval(Duration.ofMillis(500))
            .until(() -> app.git().paas("ps").run().exit() == 0);
      }
      fail(name + " did not succeed within three minutes");
    } finally {
      event.ended();
    }
  }

  /** The end of what it printed, on one line. */
  private static String said(Command.Outcome outcome) {
    String all = outcome.all().strip().replaceAll("\\s*\\n\\s*", " / ");
    return all.substring(Math.max(0, all.length() - 300));
  }

  /** What was accepted by a try that was cut off is brought to its end without being asked. */
  private void serves(SoakApp app, SoakApp.Change change, String name) {
    try {
      Awaitility.await(name)
          .atMost(SETTLED_WITHIN)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .until(() -> app.answer().contains(change.text()));
    } catch (ConditionTimeoutException never) {
      fail(name + " was accepted and does not serve; it answers " + app.answer());
    }
  }

  private void judge(String app, String what, long began) {
    if (chronicle.excuses(Chronicle.Effect.COMMANDS, began, System.nanoTime())) {
      chronicle.say(app + " could not be looked at while a daemon was down");
    } else {
      fail(app + ": " + what);
    }
  }

  private synchronized void count(String kind) {
    done.merge(kind, 1, Integer::sum);
  }

  private synchronized void fail(String what) {
    failures.add(what);
    chronicle.say("FAILED " + what);
  }

  synchronized Map<String, Integer> done() {
    return new TreeMap<>(done);
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /** Commands that a killed daemon has cut off. */
  synchronized int disturbed() {
    return disturbed;
  }

  /** Lets the changes that are under way end; begins no more. */
  @Override
  public void close() {
    ended.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(10, TimeUnit.MINUTES)) {
        fail("a change did not end within 10 minutes");
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
