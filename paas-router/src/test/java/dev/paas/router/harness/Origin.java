package dev.paas.router.harness;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An instance: a listener on loopback whose connections a test serves byte by byte. */
public final class Origin implements Closeable {

  /** Serves one connection; it is closed when this returns. */
  @FunctionalInterface
  public interface Service {
    void serve(Wire client) throws IOException;
  }

  private static final int THREADS = 160;

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Set<Wire> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<String> heads = new ConcurrentLinkedQueue<>();
  private volatile @Nullable Queue<Wire> kept;

  private Origin(Service service) throws IOException {
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(() -> accept(service));
  }

  public static Origin serving(Service service) throws IOException {
    return new Origin(service);
  }

  /** Serves the beginning of each connection and leaves it open, in {@code kept}. */
  public static Origin keeping(Queue<Wire> kept, Service service) throws IOException {
    Origin origin = new Origin(service);
    origin.kept = kept;
    return origin;
  }

  /** Answers every request with its own name and keeps the connection. */
  public static Origin named(String name) throws IOException {
    Origin[] self = new Origin[1];
    Service service =
        wire -> {
          for (String head = wire.head(); !head.isEmpty(); head = wire.head()) {
            String body = wire.body(head);
            self[0].heads.add(head + body);
            wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + name.length() + "\r\n\r\n");
            if (!head.startsWith("HEAD ")) {
              wire.send(name);
            }
          }
        };
    // Nobody connects before the address is known, which is after this.
    self[0] = new Origin(service);
    return self[0];
  }

  private void accept(Service service) {
    try {
      while (true) {
        Socket accepted = listener.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(service, accepted));
      }
    } catch (IOException | RejectedExecutionException closed) {
      // The test has ended.
    }
  }

  private void serve(Service service, Socket accepted) {
    try {
      Wire wire = new Wire(accepted);
      open.add(wire);
      service.serve(wire);
      Queue<Wire> keeping = kept;
      if (keeping != null) {
        keeping.add(wire);
        return;
      }
      open.remove(wire);
    } catch (IOException gone) {
      // The router closed it, as tests provoke.
      open.removeIf(wire -> wire.socket() == accepted);
    }
    closeQuietly(accepted);
  }

  private static void closeQuietly(Socket accepted) {
    try {
      accepted.close();
    } catch (IOException gone) {
      // So it is closed.
    }
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) listener.getLocalSocketAddress();
  }

  public int port() {
    return listener.getLocalPort();
  }

  /** Connections that are being served. */
  public int open() {
    return open.size();
  }

  /** Connections that were accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** The requests that a {@link #named} origin got, with their bodies. */
  public Queue<String> requests() {
    return heads;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Wire wire : open) {
      wire.close();
    }
    threads.shutdownNow();
  }
}
