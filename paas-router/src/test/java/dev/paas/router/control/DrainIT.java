package dev.paas.router.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.paas.contract.router.Draining;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouterStatus;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances leave the table, and the router stops, while requests are under way. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
final class DrainIT {

  private static final String GET = "GET / HTTP/1.1\r\nHost: app.test\r\n\r\n";

  @TempDir Path folder;
  private TestRouter router;
  private final CountDownLatch go = new CountDownLatch(1);
  private final AtomicInteger waiting = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder);
  }

  @AfterEach
  void stop() throws IOException {
    go.countDown();
    router.close();
  }

  /** Answers when the test says so. */
  private Origin slow() throws IOException {
    return Origin.serving(
        wire -> {
          wire.head();
          waiting.incrementAndGet();
          try {
            go.await();
          } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
          }
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow");
          wire.read();
        });
  }

  @Test
  void aRetiredInstanceFinishesAndTheNextRequestGoesToTheNewOne() throws IOException {
    try (Origin old = slow();
        Origin fresh = Origin.named("fresh");
        Wire client = router.connect()) {
      router.route(old);
      client.send(GET);
      await().until(() -> waiting.get() == 1);
      RouterStatus status = router.route(fresh).getStatus();
      assertThat(status.getDrainingList()).hasSize(1);
      assertThat(status.getDraining(0).getInFlight()).isEqualTo(1);
      assertThat(router.get("app.test")).endsWith("fresh");
      go.countDown();
      assertThat(client.message()).endsWith("slow");
      assertThat(router.control().next().getStatus().getDrainingList()).isEmpty();
      client.send(GET);
      assertThat(client.message()).as("on the same connection").endsWith("fresh");
    }
  }

  @Test
  void aTunnelCountsAsInFlight() throws IOException {
    Origin.Service tunnel =
        wire -> {
          wire.head();
          wire.send(
              "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n");
          wire.send(String.valueOf((char) wire.read()));
        };
    try (Origin origin = Origin.serving(tunnel);
        Wire client = router.connect()) {
      router.route(origin);
      client.send("GET / HTTP/1.1\r\nHost: app.test\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
      client.head();
      Draining draining = router.route().getStatus().getDraining(0);
      assertThat(draining.getInFlight()).isEqualTo(1);
      client.send("z");
      assertThat(client.rest()).isEqualTo("z");
      assertThat(router.control().next().getStatus().getDrainingList()).isEmpty();
    }
  }

  @Test
  void whatOutlastsTheDrainTimeoutIsCut() throws IOException {
    router.close();
    router = TestRouter.start(folder, TestRouter.quick(Duration.ofMillis(300), 100));
    try (Origin old = slow();
        Wire client = router.connect()) {
      router.route(old);
      client.send(GET);
      await().until(() -> waiting.get() == 1);
      assertThat(router.route().getStatus().getDrainingList()).hasSize(1);
      assertThat(client.message()).startsWith("HTTP/1.1 504 ").contains("router.drain-timeout");
      FromRouter after = router.control().next();
      assertThat(after.getStatus().getDrainingList()).isEmpty();
    }
  }

  @ParameterizedTest(name = "the router stops: {0}")
  @ValueSource(booleans = {false, true})
  void aWebSocketIsToldThatItsServerGoesAway(boolean stops) throws Exception {
    router.close();
    // At the drain timeout when its instance leaves; at once when the router stops.
    Duration drain = stops ? Duration.ofHours(1) : Duration.ofMillis(300);
    router = TestRouter.start(folder, TestRouter.quick(drain, 100));
    Origin.Service socket =
        wire -> {
          wire.head();
          wire.send("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n");
          wire.send("Upgrade: websocket\r\n\r\n\u0081\u0002hi");
          assertThat(wire.read()).isEqualTo(-1);
        };
    try (Origin old = Origin.serving(socket);
        Wire client = router.connect()) {
      router.route(old);
      client.send(
          "GET / HTTP/1.1\r\nHost: app.test\r\nConnection: upgrade\r\nUpgrade: WebSocket\r\n\r\n");
      client.head();
      assertThat(client.bytes(4)).isEqualTo("\u0081\u0002hi");
      ExecutorService stopper = Executors.newSingleThreadExecutor();
      if (stops) {
        Future<?> stopped = stopper.submit(() -> router.process().close());
        await().until(stopped::isDone);
      } else {
        router.route();
      }
      stopper.shutdown();
      assertThat(client.rest()).isEqualTo("\u0088\u0002\u0003\u00e9");
      if (!stops) {
        await().until(() -> router.accessLog().contains("router.drain-timeout"));
      }
    }
  }

  @Test
  void noRequestFailsWhileInstancesAreReplaced() throws Exception {
    ExecutorService clients = Executors.newFixedThreadPool(4);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    Origin before = Origin.named("some");
    router.route(before);
    Future<?>[] running = new Future<?>[4];
    for (int i = 0; i < running.length; i++) {
      running[i] =
          clients.submit(
              () -> {
                try (Wire client = router.connect()) {
                  while (!over.get()) {
                    client.send(GET);
                    assertThat(client.message()).startsWith("HTTP/1.1 200 ").endsWith("some");
                    answered.incrementAndGet();
                  }
                }
                return null;
              });
    }
    for (int i = 0; i < 20; i++) {
      Origin next = Origin.named("some");
      router.route(next);
      RouterStatus status = router.publish(table -> table.addRoutes(routeTo(next))).getStatus();
      while (!status.getDrainingList().isEmpty()) {
        status = router.control().next().getStatus();
      }
      // Acknowledged and drained: only now may the control plane stop it.
      before.close();
      before = next;
    }
    over.set(true);
    for (Future<?> client : running) {
      client.get();
    }
    clients.shutdown();
    before.close();
    assertThat(answered.get()).isGreaterThan(20);
    assertThat(router.accessLog()).doesNotContain("\"code\"");
  }

  private static Route routeTo(Origin origin) {
    return TestRouter.app(
        List.of(TestRouter.backend("app.v1.web." + origin.port(), origin.port())));
  }

  @Test
  void theProcessStopsWhenWhatIsUnderWayHasEnded() throws Exception {
    try (Origin origin = slow();
        Wire client = router.connect();
        Wire idle = router.connect()) {
      router.route(origin);
      client.send(GET);
      await().until(() -> waiting.get() == 1);
      ExecutorService stopper = Executors.newSingleThreadExecutor();
      Future<?> stopping = stopper.submit(() -> router.process().close());
      assertThat(idle.rest()).isEmpty();
      await()
          .untilAsserted(
              () -> assertThatThrownBy(router::connect).isInstanceOf(ConnectException.class));
      assertThat(stopping.isDone()).isFalse();
      go.countDown();
      String answer = client.rest();
      assertThat(answer).contains("Connection: close").endsWith("slow");
      stopping.get();
      stopper.shutdown();
    }
  }

  @Test
  void theFirstRequestOfANewConnectionIsAnsweredAlthoughTheProcessStops() throws Exception {
    try (Origin origin = slow();
        Wire busy = router.connect();
        Wire asked = router.connect();
        Wire fresh = router.connect()) {
      router.route(origin);
      busy.send(GET);
      await().until(() -> waiting.get() == 1);
      asked.send("GET / HTTP/1.1\r\nHost: unknown.test\r\n\r\n");
      assertThat(asked.message()).startsWith("HTTP/1.1 404");
      ExecutorService stopper = Executors.newSingleThreadExecutor();
      Future<?> stopping = stopper.submit(() -> router.process().close());
      // This one is idle and goes at once: the process is stopping.
      assertThat(asked.rest()).isEmpty();
      go.countDown();
      fresh.send(GET);
      assertThat(fresh.rest()).contains("Connection: close").endsWith("slow");
      stopping.get();
      stopper.shutdown();
    }
  }
}
