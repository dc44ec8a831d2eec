package dev.paas.router.control;

import dev.paas.contract.router.Failures;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.ToRouter;
import dev.paas.router.log.FailureFeed;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The router's end of router.proto: tables and certificates in, status out, on a unix socket. They
 * are applied one after another on a thread of their own, because keeping them waits for the disk.
 */
public final class ControlServer implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ControlServer.class);

  /** The control plane needs one; a second one may come before the first has ended. */
  private static final int MAX_CONNECTIONS = 8;

  private final Peers peers;
  private final Updates updates;
  private final ExecutorService worker;
  private final Set<ControlConnection> connections = ConcurrentHashMap.newKeySet();
  private final Set<ControlConnection> applying = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean telling = new AtomicBoolean();
  private final FailureFeed failures;
  private volatile @Nullable Channel listener;

  /**
   * @param worker one thread; its owner closes it
   */
  public ControlServer(Peers peers, Updates updates, FailureFeed failures, ExecutorService worker) {
    this.peers = peers;
    this.updates = updates;
    this.failures = failures;
    this.worker = worker;
    failures.listen(this::failuresWait);
  }

  /**
   * Listens at {@code socket}, in place of what a router before left there. The folder's group may
   * connect.
   */
  public void listen(Path socket, EventLoopGroup loops) throws IOException {
    // Bound under another name and renamed: whoever connects finds either a socket that works or
    // the old one, and never one with other permissions.
    Path fresh = socket.resolveSibling(socket.getFileName() + ".new");
    Files.deleteIfExists(fresh);
    var binding =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerDomainSocketChannel.class)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new FrameReader(), new ControlConnection(ControlServer.this));
                  }
                })
            .bind(new DomainSocketAddress(fresh.toString()))
            .awaitUninterruptibly();
    if (!binding.isSuccess()) {
      throw new IOException("can't listen on " + fresh, binding.cause());
    }
    listener = binding.channel();
    Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw----"));
    Files.move(fresh, socket, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What drains has changed: tell the control plane soon, once for many changes. */
  public void drainingChanged() {
    if (telling.compareAndSet(false, true)) {
      try {
        worker.execute(
            () -> {
              telling.set(false);
              tellAll();
            });
      } catch (RejectedExecutionException stopping) {
        telling.set(false);
      }
    }
  }

  /** Without a control plane they wait for it. */
  private void failuresWait() {
    try {
      worker.execute(this::tellFailures);
    } catch (RejectedExecutionException stopping) {
      log.debug("failures are not told any more", stopping);
    }
  }

  private void tellFailures() {
    if (!connections.isEmpty()) {
      Failures all = failures.take();
      if (all.getFailuresCount() > 0) {
        FromRouter message = FromRouter.newBuilder().setFailures(all).build();
        connections.forEach(connection -> connection.offer(message));
      }
    }
  }

  private void tellAll() {
    if (!connections.isEmpty()) {
      FromRouter status = updates.status();
      connections.forEach(connection -> connection.tell(status));
    }
  }

  boolean admits(int uid) {
    return peers.allowed(uid);
  }

  /** Whether there is room for one more connection; it is told the status. */
  boolean opened(ControlConnection connection) {
    if (connections.size() >= MAX_CONNECTIONS) {
      return false;
    }
    connections.add(connection);
    worker.execute(
        () -> {
          connection.tell(updates.status());
          tellFailures();
        });
    return true;
  }

  void closed(ControlConnection connection) {
    connections.remove(connection);
    applying.remove(connection);
  }

  boolean applying(ControlConnection connection) {
    return applying.contains(connection);
  }

  /**
   * Applies what came, and answers.
   *
   * @return whether there is anything in it to apply
   */
  boolean apply(ToRouter message, ControlConnection from) {
    return switch (message.getMessageCase()) {
      case TABLE -> apply(() -> updates.apply(message.getTable()), from);
      case CERTIFICATES -> apply(() -> updates.apply(message.getCertificates()), from);
      case MESSAGE_NOT_SET -> false;
    };
  }

  private boolean apply(Supplier<FromRouter> update, ControlConnection from) {
    applying.add(from);
    try {
      worker.execute(
          () -> {
            try {
              FromRouter answer = update.get();
              applying.remove(from);
              from.answered(answer);
            } catch (RuntimeException | Error failed) {
              // Nobody would wait for an answer that never comes.
              from.close();
              throw failed;
            }
          });
    } catch (RejectedExecutionException stopping) {
      from.close();
    }
    return true;
  }

  /** Turns the control plane away: to the successor, where there is one. */
  @Override
  public void close() {
    Channel listening = listener;
    if (listening != null) {
      listening.close().awaitUninterruptibly();
    }
    connections.forEach(ControlConnection::close);
    // The socket's file stays: a successor may have put its own there already.
  }
}
