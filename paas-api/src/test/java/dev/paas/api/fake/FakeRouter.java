package dev.paas.api.fake;

import dev.paas.contract.router.Backend;
import dev.paas.contract.router.Certificate;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.Draining;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Refused;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.RouterStatus;
import dev.paas.contract.router.Site;
import dev.paas.contract.router.ToRouter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A router that applies tables and carries no request, but may say that an instance is busy. It
 * passes {@code RouterContract} as paas-routerd does.
 */
public final class FakeRouter implements AutoCloseable {

  /** One accepts; the others are the connections that paas-routerd takes. */
  private static final int THREADS = 1 + 8;

  private final ServerSocketChannel server;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "fake-router");
            thread.setDaemon(true);
            return thread;
          });

  /** All guarded by this. */
  private RouteTable applied;

  private Certificates certificates;

  private final Set<String> busy = new HashSet<>();
  private final Set<SocketChannel> peers = new HashSet<>();

  public FakeRouter(Path socket) throws IOException {
    this(socket, RouteTable.getDefaultInstance(), Certificates.getDefaultInstance());
  }

  private FakeRouter(Path socket, RouteTable kept, Certificates shown) throws IOException {
    this.applied = kept;
    this.certificates = shown;
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    threads.execute(this::accept);
  }

  /** Ends this one and starts the next at its socket, which has kept the table. */
  public FakeRouter replaced(Path socket) throws IOException {
    close();
    Files.deleteIfExists(socket);
    return new FakeRouter(socket, applied, certificates);
  }

  private void accept() {
    try {
      while (true) {
        SocketChannel peer = server.accept();
        threads.execute(() -> serve(peer));
      }
    } catch (IOException closed) {
      // No more connections are wanted.
    }
  }

  private void serve(SocketChannel peer) {
    try (peer) {
      synchronized (this) {
        peers.add(peer);
        write(peer, status());
      }
      InputStream in = Channels.newInputStream(peer);
      ToRouter message = ToRouter.parseDelimitedFrom(in);
      while (message != null) {
        synchronized (this) {
          write(
              peer,
              message.hasCertificates()
                  ? apply(message.getCertificates())
                  : apply(message.getTable()));
        }
        message = ToRouter.parseDelimitedFrom(in);
      }
    } catch (IOException ended) {
      // Another connection is as good.
    } finally {
      synchronized (this) {
        peers.remove(peer);
      }
    }
  }

  /** What the table is answered with. */
  private FromRouter apply(RouteTable table) {
    if (Long.compareUnsigned(table.getGeneration(), applied.getGeneration()) > 0) {
      Optional<String> defect = FakeTableRules.defect(table);
      if (defect.isPresent()) {
        return FromRouter.newBuilder()
            .setRefused(
                Refused.newBuilder()
                    .setGeneration(table.getGeneration())
                    .setCode("router.invalid-table")
                    .setWhat(defect.get()))
            .build();
      }
      applied = table;
    }
    return status();
  }

  /** What certificates are answered with; one without a key is of no use. */
  private FromRouter apply(Certificates sent) {
    if (Long.compareUnsigned(sent.getVersion(), certificates.getVersion()) > 0) {
      certificates = sent;
    }
    return status();
  }

  private FromRouter status() {
    RouterStatus.Builder status =
        RouterStatus.newBuilder()
            .setGeneration(applied.getGeneration())
            .setVersion("fake")
            .setCertificates(certificates.getVersion());
    for (Certificate one : certificates.getCertificatesList()) {
      if (one.getKey().isEmpty()) {
        status.addUnusable(one.getId());
      }
    }
    Set<String> named = new HashSet<>();
    for (Route route : applied.getRoutesList()) {
      route.getBackendsList().forEach(backend -> named.add(backend.getInstance()));
    }
    for (String instance : busy) {
      if (!named.contains(instance)) {
        status.addDraining(Draining.newBuilder().setInstance(instance).setInFlight(1));
      }
    }
    return FromRouter.newBuilder().setStatus(status).build();
  }

  private static void write(SocketChannel peer, FromRouter message) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    message.writeDelimitedTo(frame);
    peer.write(ByteBuffer.wrap(frame.toByteArray()));
  }

  /** The instance carries a request, or none any more. */
  public synchronized void carries(String instance, boolean request) {
    if (request) {
      busy.add(instance);
    } else {
      busy.remove(instance);
    }
    for (SocketChannel peer : peers) {
      try {
        write(peer, status());
      } catch (IOException gone) {
        // Its thread notices, too.
      }
    }
  }

  /** What is said at this host besides, and where it is secure. */
  public synchronized Optional<Site> site(String host) {
    return applied.getRoutesList().stream()
        .flatMap(route -> route.getSitesList().stream())
        .filter(site -> site.getHost().equals(host))
        .findFirst();
  }

  /** The fingerprint of the certificate that is shown at this host. */
  public synchronized Optional<String> shownAt(String host) {
    return certificates.getCertificatesList().stream()
        .filter(one -> one.getHostsList().contains(host))
        .map(Certificate::getId)
        .findFirst();
  }

  /** The instances that requests for this host go to. */
  public synchronized List<String> backends(String host) {
    return applied.getRoutesList().stream()
        .filter(
            route -> route.getSitesList().stream().anyMatch(site -> site.getHost().equals(host)))
        .flatMap(route -> route.getBackendsList().stream())
        .map(Backend::getInstance)
        .toList();
  }

  /** Closes the socket and what is connected. */
  @Override
  public void close() throws IOException {
    server.close();
    synchronized (this) {
      for (SocketChannel peer : peers) {
        peer.close();
      }
    }
    threads.shutdown();
  }
}
