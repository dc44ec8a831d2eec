package dev.paas.router.proxy;

import dev.paas.router.balance.Upstream;
import dev.paas.router.socket.Sockets;
import dev.paas.router.table.Routes;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connections to instances that wait for their next request. One pool an event loop, so that a
 * request and its answer never change threads; belongs to that loop.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a closed channel tells its handler
public final class UpstreamPool {

  /** Waiting connections to one instance: what a burst leaves behind is worth no more. */
  private static final int MAX_IDLE = 64;

  private final ProxyContext context;
  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Map<Upstream, Deque<UpstreamConnection>> idle = new HashMap<>();

  public UpstreamPool(ProxyContext context, EventLoop loop) {
    this.context = context;
    this.loop = loop;
    this.bootstrap =
        Sockets.options(new Bootstrap().group(loop).channel(EpollSocketChannel.class))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) context.settings().connectTimeout().toMillis())
            // What an instance sent before it closed is read at once, whether or not the client
            // takes it: the kernel's buffer is the bound.
            .option(ChannelOption.SO_RCVBUF, Sockets.INSTANCE_BUFFER);
  }

  /**
   * A connection that waits, or null.
   *
   * @param sure what it carries can't be repeated: it must not be one that the instance is about to
   *     close
   */
  @Nullable UpstreamConnection reuse(Upstream upstream, boolean sure) {
    Deque<UpstreamConnection> waiting = idle.get(upstream);
    UpstreamConnection connection = null;
    while (waiting != null && connection == null && !waiting.isEmpty()) {
      // Those that waited least come first.
      if (sure && !waiting.peek().surelyOpen()) {
        return null;
      }
      UpstreamConnection candidate = waiting.pop();
      connection = candidate.usable() ? candidate : null;
    }
    if (waiting != null && waiting.isEmpty()) {
      idle.remove(upstream);
    }
    return connection;
  }

  /** Opens a connection for an exchange and tells it how that went. */
  void open(Upstream upstream, Exchange exchange) {
    UpstreamConnection connection = new UpstreamConnection(context, this, loop, upstream);
    ChannelFuture connecting = bootstrap.clone().handler(connection).connect(upstream.address());
    connecting.addListener(
        done -> {
          if (done.isSuccess()) {
            exchange.connected(connection);
          } else {
            exchange.connectFailed(done.cause());
          }
        });
  }

  /** Takes a connection back that can serve another request. */
  void release(UpstreamConnection connection) {
    Upstream upstream = connection.upstream();
    Deque<UpstreamConnection> waiting = idle.computeIfAbsent(upstream, none -> new ArrayDeque<>());
    if (upstream.retired() || waiting.size() >= MAX_IDLE) {
      connection.close();
      if (waiting.isEmpty()) {
        idle.remove(upstream);
      }
      return;
    }
    waiting.push(connection);
    connection.await(context.settings().poolIdle());
  }

  /** A waiting connection has ended. */
  void remove(UpstreamConnection connection) {
    Deque<UpstreamConnection> waiting = idle.get(connection.upstream());
    if (waiting != null && waiting.remove(connection) && waiting.isEmpty()) {
      idle.remove(connection.upstream());
    }
  }

  /** Closes what waits for instances that are not in the table any more. */
  public void retain(Routes routes) {
    loop.execute(
        () -> {
          List<Upstream> gone = idle.keySet().stream().filter(known -> !routes.has(known)).toList();
          gone.forEach(
              upstream -> {
                Deque<UpstreamConnection> waiting = idle.remove(upstream);
                if (waiting != null) {
                  waiting.forEach(UpstreamConnection::close);
                }
              });
        });
  }
}
