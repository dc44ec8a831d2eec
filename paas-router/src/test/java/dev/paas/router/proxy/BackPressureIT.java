package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.router.harness.Origin;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.harness.Wire;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fast sender and a slow reader: the sender waits, and the router holds little. */
@SuppressWarnings("StringConcatToTextBlock") // the line ends are what is tested
class BackPressureIT {

  private static final int PART = 1 << 20;
  private static final int PARTS = 150;
  private static final long TOTAL = (long) PART * PARTS;

  /** What the kernel's buffers of four sockets and the router may take before the sender waits. */
  private static final long IN_BETWEEN = 40L << 20;

  @TempDir Path folder;
  private TestRouter router;

  /** How clients come. */
  PlatformSettings.Router settings() {
    return TestRouter.QUICK;
  }

  /** A client whose kernel takes little. */
  Wire slowClient(TestRouter of) throws IOException {
    return Wire.withSmallBuffer(of.address());
  }

  @BeforeEach
  void start() throws IOException {
    router = TestRouter.start(folder, settings());
  }

  @AfterEach
  void stop() throws IOException {
    router.close();
  }

  @Test
  void aSlowClientMakesTheInstanceWait() throws IOException {
    AtomicLong sent = new AtomicLong();
    Origin.Service service =
        wire -> {
          wire.head();
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + TOTAL + "\r\n\r\n");
          byte[] part = new byte[PART];
          for (int i = 0; i < PARTS; i++) {
            wire.send(part);
            sent.addAndGet(PART);
          }
        };
    try (Origin origin = Origin.serving(service);
        Wire client = slowClient(router)) {
      router.route(origin);
      long before = held();
      client.send("GET / HTTP/1.1\r\nHost: app.test\r\n\r\n");
      client.head();
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(IN_BETWEEN);
      assertThat(held() - before).isLessThan(8L << 20);
      long read = client.skip(TOTAL);
      assertThat(read).isEqualTo(TOTAL);
      assertThat(held() - before).isLessThan(8L << 20);
    }
  }

  @Test
  void aSlowInstanceMakesTheClientWait() throws IOException {
    CountDownLatch go = new CountDownLatch(1);
    Origin.Service service =
        wire -> {
          String head = wire.head();
          assertThat(head).contains("Transfer-Encoding: chunked");
          try {
            go.await();
          } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
          }
          long got = 0;
          for (int size = chunk(wire); size > 0; size = chunk(wire)) {
            got += wire.bytes(size).length();
            wire.line();
          }
          wire.line();
          String answer = Long.toString(got);
          wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + answer.length() + "\r\n\r\n" + answer);
        };
    try (Origin origin = Origin.serving(service);
        Wire client = router.connect()) {
      router.route(origin);
      AtomicLong sent = new AtomicLong();
      long before = held();
      Thread sender =
          new Thread(
              () -> {
                try {
                  client.send(
                      "POST / HTTP/1.1\r\nHost: app.test\r\nTransfer-Encoding: chunked\r\n\r\n");
                  byte[] part = new byte[PART];
                  for (int i = 0; i < PARTS; i++) {
                    client.send(Integer.toHexString(PART) + "\r\n").send(part).send("\r\n");
                    sent.addAndGet(PART);
                  }
                  client.send("0\r\n\r\n");
                } catch (IOException cut) {
                  // The assertions below see it.
                }
              },
              "sender");
      sender.start();
      await().until(() -> sent.get() > 0);
      awaitStandstill(sent);
      assertThat(sent.get()).isLessThan(IN_BETWEEN);
      assertThat(held() - before).isLessThan(8L << 20);
      go.countDown();
      assertThat(client.message()).endsWith("\r\n\r\n" + TOTAL);
    }
  }

  private static int chunk(Wire wire) throws IOException {
    return Integer.parseInt(wire.line(), 16);
  }

  /** Bytes of buffers that the router holds from the system. */
  private static long held() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  /** Until the count has not moved for half a second. */
  private static void awaitStandstill(AtomicLong count) {
    long[] seen = {-1};
    await()
        .pollInterval(Duration.ofMillis(500))
        .until(
            () -> {
              boolean stands = seen[0] == count.get();
              seen[0] = count.get();
              return stands;
            });
  }
}
