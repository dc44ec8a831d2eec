package dev.paas.api.route;

import dev.paas.base.time.Backoff;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.ToRouter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to paas-routerd: keeps trying, sends the newest table and certificates after each
 * connection, and hands on what the router tells. Losing it costs nothing: both directions carry
 * whole truths.
 */
final class RouterLink implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RouterLink.class);

  /** Between two attempts to connect; a unix socket answers or refuses at once. */
  private static final Backoff PROBES = new Backoff(Duration.ofMillis(20), Duration.ofMillis(250));

  private final Path socket;
  private final Listener listener;
  private final Thread reader;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final Map<ToRouter.MessageCase, ToRouter> newest =
      new EnumMap<>(ToRouter.MessageCase.class);
  private @Nullable SocketChannel connection;
  private boolean closed;

  /** Hears the router; called on the link's thread. */
  interface Listener {
    void told(FromRouter message);

    void lost();
  }

  RouterLink(Path socket, Listener listener) {
    this.socket = socket;
    this.listener = listener;
    this.reader = new Thread(this::run, "router-link");
    reader.setDaemon(true);
  }

  void start() {
    reader.start();
  }

  boolean connected() {
    lock.lock();
    try {
      return connection != null;
    } finally {
      lock.unlock();
    }
  }

  /** Sends the table now, and after each connection until there is a newer one. */
  void send(RouteTable table) {
    send(ToRouter.newBuilder().setTable(table).build());
  }

  /** The same for certificates. */
  void send(Certificates certificates) {
    send(ToRouter.newBuilder().setCertificates(certificates).build());
  }

  private void send(ToRouter message) {
    lock.lock();
    try {
      newest.put(message.getMessageCase(), message);
      if (connection != null) {
        write(connection, message);
      }
    } catch (IOException lost) {
      // The reader sees the end of the connection, and sends the table on the next one.
      close(connection);
    } finally {
      lock.unlock();
    }
  }

  private static void write(SocketChannel to, ToRouter message) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    message.writeDelimitedTo(frame);
    ByteBuffer bytes = ByteBuffer.wrap(frame.toByteArray());
    while (bytes.hasRemaining()) {
      to.write(bytes);
    }
  }

  private void run() {
    int inARow = 0;
    while (true) {
      inARow = serve() ? 1 : inARow + 1;
      lock.lock();
      try {
        if (closed
            || (closing.await(PROBES.after(inARow).toNanos(), TimeUnit.NANOSECONDS) && closed)) {
          return;
        }
      } catch (InterruptedException stop) {
        return;
      } finally {
        lock.unlock();
      }
    }
  }

  /** One connection, from its beginning to its end; false when there was none. */
  private boolean serve() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      lock.lock();
      try {
        if (closed) {
          return false;
        }
        connection = channel;
        for (ToRouter message : newest.values()) {
          write(channel, message);
        }
      } finally {
        lock.unlock();
      }
      LOG.atInfo().log("router connected");
      read(channel);
      return true;
    } catch (IOException away) {
      return false;
    } catch (RuntimeException | StackOverflowError failed) {
      // What the listener could not do (the database may be away) is done on the next connection.
      LOG.atError().setCause(failed).log("router's message not taken, connecting again");
      return false;
    } finally {
      if (gone()) {
        LOG.atWarn().log("router lost");
        tellLost();
      }
    }
  }

  /** This thread is the only way to the router: it outlives whatever the listener throws. */
  private void tellLost() {
    try {
      listener.lost();
    } catch (RuntimeException | StackOverflowError failed) {
      LOG.atError().setCause(failed).log("loss of the router not told");
    }
  }

  /** The connection is over; true when somebody should hear of it. */
  private boolean gone() {
    lock.lock();
    try {
      boolean was = connection != null;
      connection = null;
      return was && !closed;
    } finally {
      lock.unlock();
    }
  }

  private void read(SocketChannel channel) throws IOException {
    InputStream in = Channels.newInputStream(channel);
    while (true) {
      FromRouter message = FromRouter.parseDelimitedFrom(in);
      if (message == null) {
        return;
      }
      listener.told(message);
    }
  }

  private static void close(@Nullable SocketChannel channel) {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException already) {
      LOG.atDebug().setCause(already).log("closing the router's connection");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
      close(connection);
    } finally {
      lock.unlock();
    }
  }
}
