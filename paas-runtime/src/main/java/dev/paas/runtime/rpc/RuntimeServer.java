package dev.paas.runtime.rpc;

import dev.paas.runtime.linux.mount.Mounts;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a unix socket. The file's group lets paasd connect; what counts is the peer's uid,
 * which the kernel tells (SO_PEERCRED, unix(7)).
 */
public final class RuntimeServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RuntimeServer.class);

  /** One event loop carries one caller's traffic; work is done elsewhere. */
  private static final int LOOPS = 1;

  /** Twice the arguments and variables that an instance may have, and some. */
  private static final int MAX_MESSAGE = 4 << 20;

  /** One caller has one connection; a restarted one may have left another. */
  private static final int MAX_CONNECTIONS = 8;

  private static final int MAX_CALLS = 400;
  private static final long CLOSE_SECONDS = 5;

  private final Server server;
  private final EventLoopGroup acceptor;
  private final EventLoopGroup loop;

  private RuntimeServer(Server server, EventLoopGroup acceptor, EventLoopGroup loop) {
    this.server = server;
    this.acceptor = acceptor;
    this.loop = loop;
  }

  /**
   * Starts to listen.
   *
   * @param group numeric id of the group that may connect
   * @param callers uids that are served
   */
  public static RuntimeServer start(
      Path socket,
      int group,
      Set<Integer> callers,
      ServerServiceDefinition calls,
      ExecutorService workers)
      throws IOException {
    Files.deleteIfExists(socket);
    EventLoopGroup acceptor = new EpollEventLoopGroup(1);
    EventLoopGroup loop = new EpollEventLoopGroup(LOOPS);
    Server server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelFactory(() -> guarded(callers))
            .bossEventLoopGroup(acceptor)
            .workerEventLoopGroup(loop)
            .executor(workers)
            .maxInboundMessageSize(MAX_MESSAGE)
            .maxConcurrentCallsPerConnection(MAX_CALLS)
            .addService(calls)
            .build()
            .start();
    Mounts.own(socket, 0, group);
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-rw----"));
    return new RuntimeServer(server, acceptor, loop);
  }

  private static EpollServerDomainSocketChannel guarded(Set<Integer> callers) {
    EpollServerDomainSocketChannel channel = new EpollServerDomainSocketChannel();
    channel.pipeline().addLast(new Guard(callers));
    return channel;
  }

  /** Closes connections of other users, and more than a few, before a byte of theirs is read. */
  private static final class Guard extends ChannelInboundHandlerAdapter {
    private final Set<Integer> callers;
    private final AtomicInteger connections = new AtomicInteger();

    Guard(Set<Integer> callers) {
      this.callers = callers;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object accepted) throws Exception {
      EpollDomainSocketChannel connection = (EpollDomainSocketChannel) accepted;
      int uid = connection.peerCredentials().uid();
      if (!callers.contains(uid)) {
        LOG.atWarn().addKeyValue("uid", uid).log("connection of another user refused");
        connection.unsafe().closeForcibly();
      } else if (connections.incrementAndGet() > MAX_CONNECTIONS) {
        connections.decrementAndGet();
        LOG.atWarn().addKeyValue("uid", uid).log("too many connections, one refused");
        connection.unsafe().closeForcibly();
      } else {
        connection.closeFuture().addListener(closed -> connections.decrementAndGet());
        context.fireChannelRead(accepted);
      }
    }
  }

  /** Waits until the server is closed. */
  public void await() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored")
  public void close() {
    server.shutdownNow();
    acceptor.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
    loop.shutdownGracefully(0, CLOSE_SECONDS, TimeUnit.SECONDS);
  }
}
