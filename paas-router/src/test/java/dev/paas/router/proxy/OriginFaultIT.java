package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An instance that stalls or goes, at every point of its answer: F32 in docs/reliability.md. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class OriginFaultIT {

  /** How far the answer gets. */
  private enum Point {
    NOTHING(""),
    HALF_HEAD("HTTP/1.1 200 OK\r\nContent-Le"),
    HALF_BODY("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
    HALF_CHUNK("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nhalf"),
    BETWEEN_CHUNKS("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n");

    private final String sent;

    Point(String sent) {
      this.sent = sent;
    }

    boolean headIsWhole() {
      return sent.contains("\r\n\r\n");
    }
  }

  /** What it does then. */
  private enum Then {
    STALLS,
    CLOSES,
    RESETS
  }

  private record Case(Point point, Then then, String method) {
    String target() {
      return "/" + point + "/" + then + "/" + method;
    }

    String request() {
      String body = method.equals("POST") ? "Content-Length: 4\r\n\r\nbody" : "\r\n";
      return method + " " + target() + " HTTP/1.1\r\nHost: app.test\r\n" + body;
    }
  }

  @TempDir Path folder;

  private final Map<String, Integer> seen = new ConcurrentHashMap<>();

  private static List<Case> cases() {
    List<Case> all = new ArrayList<>();
    for (Point point : Point.values()) {
      for (Then then : Then.values()) {
        all.add(new Case(point, then, "GET"));
        all.add(new Case(point, then, "POST"));
      }
    }
    return all;
  }

  private void fail(Wire wire) throws IOException {
    String head = wire.head();
    wire.body(head);
    String target = head.split(" ")[1];
    seen.merge(target, 1, Integer::sum);
    String[] words = target.split("/");
    wire.send(Point.valueOf(words[1]).sent);
    switch (Then.valueOf(words[2])) {
      case STALLS -> assertThat(wire.read()).as("the router gives up").isEqualTo(-1);
      case CLOSES -> {}
      case RESETS -> wire.socket().setSoLinger(true, 0);
    }
  }

  @Test
  void stallAndCutAtEveryPointAreToldAndNothingThatMayHaveActedIsRepeated()
      throws IOException, InterruptedException, ExecutionException {
    ExecutorService clients = Executors.newFixedThreadPool(cases().size());
    try (TestRouter router = TestRouter.start(folder);
        Origin origin = Origin.serving(this::fail)) {
      router.route(origin);
      List<Future<String>> answers = new ArrayList<>();
      for (Case one : cases()) {
        answers.add(
            clients.submit(
                () -> {
                  try (Wire client = router.connect()) {
                    return client.send(one.request()).rest();
                  }
                }));
      }
      for (int i = 0; i < answers.size(); i++) {
        check(cases().get(i), answers.get(i).get());
      }
      for (Case one : cases()) {
        String code = one.then() == Then.STALLS ? "(response-timeout|instance-stalled)" : ".*";
        String line = "\"target\":\"" + one.target() + "\".*\"code\":\"router\\." + code + "\"";
        await(one.toString())
            .until(() -> router.accessLog().lines().anyMatch(l -> l.matches(".*" + line + ".*")));
        if (one.method().equals("POST")) {
          assertThat(seen.get(one.target())).as("times that %s arrived", one).isEqualTo(1);
        }
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private static void check(Case one, String answer) {
    // A reset may overtake what was sent before it.
    boolean relayed = one.point().headIsWhole() && answer.startsWith("HTTP/1.1 200 ");
    if (relayed || (one.point().headIsWhole() && one.then() != Then.RESETS)) {
      assertThat(answer).as(one.toString()).startsWith("HTTP/1.1 200 ");
      assertThat(answer).as("%s is not whole", one).doesNotEndWith("0\r\n\r\n");
    } else if (one.then() == Then.STALLS) {
      assertThat(answer)
          .as(one.toString())
          .startsWith("HTTP/1.1 504 ")
          .contains("router.response-timeout");
    } else {
      assertThat(answer).as(one.toString()).startsWith("HTTP/1.1 502 ").contains("router.");
    }
  }
}
