package dev.paas.router.client;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.router.budget.Budget;
import dev.paas.router.budget.ClientAddress;
import dev.paas.router.budget.Share;
import dev.paas.router.proxy.Failure;
import dev.paas.router.proxy.ProxyContext;
import dev.paas.router.proxy.UpstreamPool;
import dev.paas.router.socket.Sockets;
import dev.paas.router.tls.LiveCertificates;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for HTTP and serves what the live table names. */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
public final class HttpServer {

  private static final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private static final int BACKLOG = 4096;

  /** For a connection that is cut to end. */
  private static final int LAST_WORDS_MILLIS = 100;

  /** Bytes beyond what is on its way that the kernel takes for one client. */
  private static final long NOT_SENT = 128 << 10;

  private final ProxyContext context;
  private final LiveCertificates certificates;
  private final EventLoopGroup loops;
  private final Shedding shedding = new Shedding();
  private final Map<EventLoop, LoopState> states = new HashMap<>();
  private final Set<ClientConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final List<Channel> listeners = new CopyOnWriteArrayList<>();

  /**
   * @param certificates are ready when there is to be TLS
   * @param loops serve both sides; their owner closes them
   */
  public HttpServer(ProxyContext context, LiveCertificates certificates, EventLoopGroup loops) {
    this.context = context;
    this.certificates = certificates;
    this.loops = loops;
    for (EventExecutor loop : loops) {
      UpstreamPool pool = new UpstreamPool(context, (EventLoop) loop);
      states.put(
          (EventLoop) loop, new LoopState(pool, new WaitingClients(), connections, stopping));
    }
    context
        .table()
        .watch((before, after) -> states.values().forEach(state -> state.pool().retain(after)));
  }

  /**
   * Listens from now on, at this address besides others.
   *
   * @param secure for TLS
   * @return the address, with the port that was given for port 0
   * @throws dev.paas.base.problem.PaasException {@code router.cannot-listen}
   */
  public InetSocketAddress listen(InetSocketAddress address, boolean secure) {
    ChannelFuture binding =
        clients(secure)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .bind(address)
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw Problem.of(
              Kind.INVALID,
              "router.cannot-listen",
              "The router can't listen on its address: " + binding.cause().getMessage(),
              NetUtil.toSocketAddressString(address),
              "Free the port, or set "
                  + (secure ? "router.https" : "router.http")
                  + " to another address.")
          .asException(binding.cause());
    }
    listeners.add(binding.channel());
    return (InetSocketAddress) binding.channel().localAddress();
  }

  /**
   * Takes connections from one more socket, which listens already and is not blocking.
   *
   * @param descriptor is closed by {@link #stop}; whoever else has the socket keeps it open
   * @param secure whether one that listens there is for TLS
   * @return the address
   */
  public InetSocketAddress adopt(int descriptor, Predicate<InetSocketAddress> secure) {
    EpollServerSocketChannel listener = new EpollServerSocketChannel(descriptor);
    ChannelFuture registration =
        clients(secure.test(listener.localAddress()))
            .channelFactory(() -> listener)
            .register()
            .awaitUninterruptibly();
    if (!registration.isSuccess()) {
      throw new IllegalStateException("no socket to listen on", registration.cause());
    }
    listeners.add(registration.channel());
    return (InetSocketAddress) registration.channel().localAddress();
  }

  private ServerBootstrap clients(boolean secure) {
    return new ServerBootstrap()
        .group(loops)
        .handler(new AcceptFailures())
        .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
        .childOption(ChannelOption.AUTO_READ, false)
        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, Sockets.WATER_MARK)
        // Megabytes in the kernel for each client that does not read are nobody's either.
        .childOption(EpollChannelOption.TCP_NOTSENT_LOWAT, NOT_SENT)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                accept(channel, secure);
              }
            });
  }

  private void accept(Channel channel, boolean secure) {
    LoopState state = states.get(channel.eventLoop());
    if (state == null) {
      throw new IllegalStateException("a loop without a state");
    }
    InetAddress peer =
        channel.remoteAddress() instanceof InetSocketAddress known ? known.getAddress() : null;
    ClientAddress address = peer == null ? ClientAddress.UNKNOWN : ClientAddress.of(peer);
    boolean trusted = peer != null && context.trusted().has(peer);
    Budget budget = context.budget();
    Share share = budget.enter(address.holder(), trusted);
    if (budget.overShare(share)) {
      budget.leave(share);
      shed(channel, secure, address, "the address has its share of the connections");
    } else if (budget.overfull() && !makeRoom(state)) {
      budget.leave(share);
      shed(channel, secure, address, "all connections carry requests");
    } else {
      Arrival arrival = new Arrival(address, share, trusted, secure);
      ClientConnection client = new ClientConnection(context, state, channel, arrival);
      if (secure) {
        channel.pipeline().addLast(client.beforeTls(certificates));
      }
      channel.pipeline().addLast(client);
    }
  }

  /** Ends a connection that only waits. */
  private static boolean makeRoom(LoopState state) {
    ClientConnection oldest = state.waiting().oldest();
    if (oldest == null) {
      return false;
    }
    oldest.giveWay();
    return true;
  }

  private void shed(Channel channel, boolean secure, ClientAddress address, String why) {
    if (secure) {
      // A handshake only to be refused would cost more than the request.
      context.logRefused(context.newRequestId(), address.text(), Failure.OVERLOADED, why, 0);
      channel.close();
      return;
    }
    shedding.refuse(
        channel, Http1Heads.refusal(context, channel.alloc(), address, Failure.OVERLOADED, why));
  }

  /** Accepting fails when file descriptors run out; Netty then tries again every second. */
  private static final class AcceptFailures extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      log.atWarn().addKeyValue("cause", cause.getMessage()).log("connections are not accepted");
      ctx.fireExceptionCaught(cause);
    }
  }

  /** What is held at this moment. */
  public Budget budget() {
    return context.budget();
  }

  /** Connections of clients. */
  public int connections() {
    return connections.size();
  }

  /**
   * Takes no new connection and no further request; returns when what was under way has ended, or
   * after {@code limit}, when it is cut.
   */
  public void stop(Duration limit) throws InterruptedException {
    for (Channel listener : listeners) {
      listener.close().syncUninterruptibly();
    }
    // A connection that was accepted a moment ago is not among these yet: it asks for itself.
    stopping.set(true);
    connections.forEach(client -> client.channel().eventLoop().execute(client::stop));
    long end = context.ticker().nanos() + limit.toNanos();
    for (int round = 0; round < 2; round++) {
      for (ClientConnection client : connections) {
        long left = Math.max(0, end - context.ticker().nanos());
        if (!client.channel().closeFuture().await(left, TimeUnit.NANOSECONDS)) {
          client.channel().eventLoop().execute(client::abort);
          client.channel().closeFuture().await(LAST_WORDS_MILLIS);
        }
      }
    }
  }
}
