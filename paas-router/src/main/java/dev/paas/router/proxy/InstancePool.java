package dev.paas.router.proxy;

import dev.paas.router.balance.Instance;
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
final class InstancePool {

  /** Waiting connections to one instance: what a burst leaves behind is worth no more. */
  private static final int MAX_IDLE = 64;

  private final Proxy proxy;
  private final EventLoop loop;
  private final Bootstrap bootstrap;
  private final Map<Instance, Deque<InstanceConnection>> idle = new HashMap<>();

  InstancePool(Proxy proxy, EventLoop loop) {
    this.proxy = proxy;
    this.loop = loop;
    this.bootstrap =
        Sockets.options(new Bootstrap().group(loop).channel(EpollSocketChannel.class))
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) proxy.settings().connectTimeout().toMillis())
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
  @Nullable InstanceConnection reuse(Instance instance, boolean sure) {
    Deque<InstanceConnection> waiting = idle.get(instance);
    InstanceConnection connection = null;
    while (waiting != null && connection == null && !waiting.isEmpty()) {
      // Those that waited least come first.
      if (sure && !waiting.peek().surelyOpen()) {
        return null;
      }
      InstanceConnection candidate = waiting.pop();
      connection = candidate.usable() ? candidate : null;
    }
    if (waiting != null && waiting.isEmpty()) {
      idle.remove(instance);
    }
    return connection;
  }

  /** Opens a connection for an exchange and tells it how that went. */
  void open(Instance instance, Exchange exchange) {
    InstanceConnection connection = new InstanceConnection(proxy, this, loop, instance);
    ChannelFuture connecting = bootstrap.clone().handler(connection).connect(instance.address());
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
  void release(InstanceConnection connection) {
    Instance instance = connection.instance();
    Deque<InstanceConnection> waiting = idle.computeIfAbsent(instance, none -> new ArrayDeque<>());
    if (instance.departed() || waiting.size() >= MAX_IDLE) {
      connection.close();
      if (waiting.isEmpty()) {
        idle.remove(instance);
      }
      return;
    }
    waiting.push(connection);
    connection.await(proxy.settings().poolIdle());
  }

  /** A waiting connection has ended. */
  void remove(InstanceConnection connection) {
    Deque<InstanceConnection> waiting = idle.get(connection.instance());
    if (waiting != null && waiting.remove(connection) && waiting.isEmpty()) {
      idle.remove(connection.instance());
    }
  }

  /** Closes what waits for instances that are not in the table any more. */
  void retain(Routes routes) {
    loop.execute(
        () -> {
          List<Instance> gone = idle.keySet().stream().filter(known -> !routes.has(known)).toList();
          gone.forEach(
              instance -> {
                Deque<InstanceConnection> waiting = idle.remove(instance);
                if (waiting != null) {
                  waiting.forEach(InstanceConnection::close);
                }
              });
        });
  }
}
