package dev.paas.router.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.time.Ticker;
import dev.paas.router.budget.Capacity;
import dev.paas.router.harness.TestRouter;
import dev.paas.router.log.AccessLog;
import dev.paas.router.proxy.ProxyContext;
import dev.paas.router.table.LiveTable;
import dev.paas.router.tls.LiveCertificates;
import dev.paas.router.tls.TicketKeys;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.Socket;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A listening socket that was there before the router. */
final class HeldSocketIT {

  private static final int WAITING = 64;

  @TempDir Path folder;

  @Test
  void aConnectionThatWaitedInTheSocketIsServedOnceTheRouterTakesIt() throws Exception {
    // Loads the native library, which the socket below needs already.
    Epoll.ensureAvailability();
    Socket held = Socket.newSocketStream();
    held.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    held.listen(WAITING);
    InetSocketAddress address = held.localAddress();
    var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    try (java.net.Socket early = new java.net.Socket(address.getAddress(), address.getPort());
        AccessLog log = new AccessLog(OutputStream.nullOutputStream()).start()) {
      early.getOutputStream().write("GET / HTTP/1.1\r\nHost: none.test\r\n\r\n".getBytes(US_ASCII));
      HttpServer server =
          new HttpServer(
              ProxyContext.of(
                  TestRouter.QUICK,
                  new Capacity(WAITING, 1 << 20),
                  new LiveTable(),
                  log,
                  Clock.systemUTC(),
                  Ticker.system()),
              new LiveCertificates(
                  new TicketKeys(folder.resolve("ticket-keys"), Clock.systemUTC()),
                  Clock.systemUTC()),
              loops);

      assertThat(server.adopt(held.intValue(), secure -> false)).isEqualTo(address);

      assertThat(new String(early.getInputStream().readNBytes(12), US_ASCII))
          .isEqualTo("HTTP/1.1 503");
      server.stop(Duration.ofSeconds(1));
    } finally {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }
}
