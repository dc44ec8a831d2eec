package dev.paas.api.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.RouterStatus;
import dev.paas.contract.router.ToRouter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The link at a socket, whose other end the test holds. */
@Timeout(60)
final class RouterLinkIT {

  /** What the listener heard, in order: a generation, or that the router was lost. */
  private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  @TempDir Path folder;
  private ServerSocketChannel router;
  private RouterLink link;

  @BeforeEach
  void listen() throws IOException {
    Path socket = folder.resolve("router.sock");
    router = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    router.bind(UnixDomainSocketAddress.of(socket));
    link = new RouterLink(socket, new Hearing());
  }

  @AfterEach
  void close() throws IOException {
    link.close();
    router.close();
  }

  @Test
  void theNewestTableIsTheFirstThingAfterTheConnection() throws IOException {
    link.send(table(1));
    link.send(table(2));
    link.start();
    try (SocketChannel peer = router.accept()) {
      assertThat(generation(peer)).isEqualTo(2);
      link.send(table(3));
      assertThat(generation(peer)).isEqualTo(3);
    }
  }

  @Test
  void aConnectionThatIsLostIsMadeAgainAndGetsTheNewestTable() throws Exception {
    link.send(table(1));
    link.start();
    try (SocketChannel peer = router.accept()) {
      assertThat(generation(peer)).isEqualTo(1);
      assertThat(link.connected()).isTrue();
    }
    assertThat(heard.take()).isEqualTo("lost");
    link.send(table(2));
    SocketChannel next = router.accept();
    try (next) {
      long first = generation(next);
      // The connection may have been there before the table was sent.
      assertThat(first == 1 ? generation(next) : first).isEqualTo(2);
    }
  }

  @Test
  void whatTheRouterTellsIsHandedOn() throws Exception {
    link.start();
    try (SocketChannel peer = router.accept()) {
      tell(peer, 7);
      tell(peer, 8);
      assertThat(heard.take()).isEqualTo("7");
      assertThat(heard.take()).isEqualTo("8");
    }
  }

  @Test
  void aListenerThatFailsIsToldOnTheNextConnection() throws Exception {
    link.start();
    try (SocketChannel peer = router.accept()) {
      tell(peer, Hearing.FAILS);
      assertThat(heard.take()).isEqualTo("lost");
    }
    try (SocketChannel peer = router.accept()) {
      tell(peer, 9);
      assertThat(heard.take()).isEqualTo("9");
    }
  }

  @Test
  void aLinkThatIsClosedEndsItsConnection() throws Exception {
    link.start();
    try (SocketChannel peer = router.accept()) {
      tell(peer, 7);
      assertThat(heard.take()).isEqualTo("7");
      link.close();
      assertThat(ToRouter.parseDelimitedFrom(Channels.newInputStream(peer))).isNull();
    }
  }

  private final class Hearing implements RouterLink.Listener {

    /** The generation that it cannot take. */
    static final long FAILS = 13;

    @Override
    public void told(FromRouter message) {
      long generation = message.getStatus().getGeneration();
      if (generation == FAILS) {
        throw new IllegalStateException("the database is away");
      }
      heard.add(Long.toString(generation));
    }

    @Override
    public void lost() {
      heard.add("lost");
    }
  }

  private static RouteTable table(long generation) {
    return RouteTable.newBuilder().setGeneration(generation).build();
  }

  /** The next table that comes from the link. */
  private static long generation(SocketChannel peer) throws IOException {
    ToRouter message = ToRouter.parseDelimitedFrom(Channels.newInputStream(peer));
    assertThat(message).isNotNull();
    return message.getTable().getGeneration();
  }

  private static void tell(SocketChannel peer, long generation) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    FromRouter.newBuilder()
        .setStatus(RouterStatus.newBuilder().setGeneration(generation))
        .build()
        .writeDelimitedTo(frame);
    ByteBuffer bytes = ByteBuffer.wrap(frame.toByteArray());
    while (bytes.hasRemaining()) {
      peer.write(bytes);
    }
  }
}
