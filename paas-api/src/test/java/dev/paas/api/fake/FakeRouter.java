package dev.paas.api.fake;

import dev.paas.contract.router.Backend;
import dev.paas.contract.router.Draining;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.RouterStatus;
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
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A router that applies tables and carries no request, but may say that an instance is busy. */
public final class FakeRouter implements AutoCloseable {

  private final ServerSocketChannel server;
  private final Thread thread;

  /** All guarded by this. */
  private RouteTable applied = RouteTable.getDefaultInstance();

  private final Set<String> busy = new HashSet<>();
  private @Nullable SocketChannel peer;

  public FakeRouter(Path socket) throws IOException {
    this.server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    server.bind(UnixDomainSocketAddress.of(socket));
    this.thread = new Thread(this::run, "fake-router");
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    while (server.isOpen()) {
      try (SocketChannel accepted = server.accept()) {
        synchronized (this) {
          peer = accepted;
          tell();
        }
        InputStream in = Channels.newInputStream(accepted);
        ToRouter message = ToRouter.parseDelimitedFrom(in);
        while (message != null) {
          apply(message.getTable());
          message = ToRouter.parseDelimitedFrom(in);
        }
      } catch (IOException ended) {
        // The next peer is as good.
      } finally {
        synchronized (this) {
          peer = null;
        }
      }
    }
  }

  private synchronized void apply(RouteTable table) throws IOException {
    if (table.getGeneration() > applied.getGeneration()) {
      applied = table;
    }
    tell();
  }

  private void tell() throws IOException {
    if (peer == null) {
      return;
    }
    RouterStatus.Builder status = RouterStatus.newBuilder().setGeneration(applied.getGeneration());
    Set<String> named = new HashSet<>();
    for (Route route : applied.getRoutesList()) {
      route.getBackendsList().forEach(backend -> named.add(backend.getInstance()));
    }
    for (String instance : busy) {
      if (!named.contains(instance)) {
        status.addDraining(Draining.newBuilder().setInstance(instance).setInFlight(1));
      }
    }
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    FromRouter.newBuilder().setStatus(status).build().writeDelimitedTo(frame);
    peer.write(ByteBuffer.wrap(frame.toByteArray()));
  }

  /** The instance carries a request, or none any more. */
  public synchronized void carries(String instance, boolean request) throws IOException {
    if (request) {
      busy.add(instance);
    } else {
      busy.remove(instance);
    }
    tell();
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

  @Override
  public void close() throws IOException {
    server.close();
  }
}
