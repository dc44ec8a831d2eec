package dev.paas.acceptance.platform;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Requests that keep coming, one after the other on two connections, until closed. */
public final class Traffic implements AutoCloseable {
  private static final int CLIENTS = 2;

  private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final Set<String> answers = ConcurrentHashMap.newKeySet();
  private volatile boolean ended;

  public Traffic(Platform platform, String app, String path) {
    for (int i = 0; i < CLIENTS; i++) {
      clients.execute(
          () -> {
            while (!ended) {
              ask(platform, app, path);
            }
          });
    }
    flowsOn(20);
  }

  private void ask(Platform platform, String app, String path) {
    try {
      HttpResponse<String> response = platform.get(app, path);
      if (response.statusCode() != 200) {
        failures.add(response.statusCode() + " " + response.body());
      } else {
        answers.add(response.body());
      }
    } catch (IOException e) {
      if (!ended) {
        failures.add(e.toString());
      }
    }
    answered.incrementAndGet();
  }

  /** Waits until that many more requests were answered. */
  public void flowsOn(int requests) {
    int goal = answered.get() + requests;
    Awaitility.await("requests are answered")
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> answered.get() >= goal);
  }

  /** What failed so far; empty is the promise. */
  public List<String> failures() {
    return new ArrayList<>(failures);
  }

  /** The different bodies of good answers so far; few by the choice of the path. */
  public Set<String> answers() {
    return Set.copyOf(answers);
  }

  @Override
  public void close() {
    ended = true;
    clients.shutdown();
    try {
      if (!clients.awaitTermination(20, TimeUnit.SECONDS)) {
        clients.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
