package dev.paas.runtime.linux.network;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import dev.paas.runtime.linux.Descriptor;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/** An open network namespace (network_namespaces(7)). */
public final class NetworkNamespace implements AutoCloseable {

  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_RDONLY_CLOEXEC = 0x80000;

  private final Descriptor descriptor;

  private NetworkNamespace(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /** The namespace that a process is in. */
  public static NetworkNamespace of(int pid) throws IOException {
    String path = "/proc/" + pid + "/ns/net";
    return new NetworkNamespace(
        new Descriptor(checked("open " + path, CALLS.open(path, O_RDONLY_CLOEXEC))));
  }

  /** A netlink socket that belongs to this namespace, wherever it is used. */
  public Netlink netlink() throws IOException {
    return opened(Netlink::open);
  }

  /**
   * A connection to a TCP port of this namespace's loopback address (127.0.0.1).
   *
   * @throws ConnectException when nobody listens there
   * @throws SocketTimeoutException when whoever listens takes no connection in this time
   */
  public SocketChannel connect(int port, Duration patience) throws IOException {
    return opened(
        () -> {
          SocketChannel connection = SocketChannel.open(StandardProtocolFamily.INET);
          try {
            connection.setOption(StandardSocketOptions.TCP_NODELAY, true);
            connection
                .socket()
                .connect(
                    new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port),
                    Math.toIntExact(patience.toMillis()));
            return connection;
          } catch (IOException | RuntimeException | Error failed) {
            connection.close();
            throw failed;
          }
        });
  }

  /** A socket belongs to the namespace of the thread that makes it. */
  private <T extends AutoCloseable> T opened(Callable<T> open) throws IOException {
    FutureTask<T> opening =
        new FutureTask<>(
            () -> {
              checked("setns", CALLS.setns(descriptor.number(), CLONE_NEWNET));
              return open.call();
            });
    // The namespace is the thread's: this thread enters and ends, no other thread ever runs in it.
    Thread entering = new Thread(opening, "netns");
    entering.setDaemon(true);
    entering.start();
    try {
      return opening.get();
    } catch (ExecutionException failed) {
      throw failure(failed.getCause());
    } catch (InterruptedException stopped) {
      closeWhenOpened(opening, entering);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while entering a network namespace");
    }
  }

  /**
   * Waits for the thread that is entering: what it opens would be nobody's, and the number of a
   * descriptor that is closed meanwhile may be another namespace's.
   */
  private static void closeWhenOpened(
      FutureTask<? extends AutoCloseable> opening, Thread entering) {
    entering.interrupt();
    while (true) {
      try {
        opening.get().close();
        return;
      } catch (InterruptedException again) {
        entering.interrupt();
      } catch (Exception neverOpened) {
        return;
      }
    }
  }

  private static IOException failure(@Nullable Throwable cause) {
    if (cause instanceof ConnectException refused) {
      return refused;
    }
    return cause instanceof SocketTimeoutException silent
        ? silent
        : new IOException("a network namespace can't be entered", cause);
  }

  Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
