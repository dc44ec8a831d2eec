package dev.paas.router.harness;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.router.Backend;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.Site;
import dev.paas.contract.router.ToRouter;
import dev.paas.router.boot.RouterProcess;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A whole router in this process, on a free port, with the control socket in a test's folder. */
public final class TestRouter implements Closeable {

  private static final String QUICK_TEXT =
      """
      http = "127.0.0.1:0"
      connect-timeout = "2s"
      response-timeout = "5s"
      idle-timeout = "5s"
      header-timeout = "5s"
      tunnel-idle = "30s"
      send-timeout = "5s"
      linger-timeout = "5s"
      """;

  /** Limits short enough for tests that wait for them. */
  public static final PlatformSettings.Router QUICK = quick(Duration.ofSeconds(5), 1000);

  /** Settings of the router, as lines of its table. */
  public static PlatformSettings.Router limits(String lines) {
    return PlatformSettings.parse("test", "[router]\n" + lines).router();
  }

  /** {@link #QUICK} with a port for TLS, which its clients use. */
  public static final PlatformSettings.Router SECURE =
      limits(
          QUICK_TEXT + "drain-timeout = \"5s\"\nmax-connections = 1000\nhttps = \"127.0.0.1:0\"");

  /** {@link #QUICK} with another drain timeout and another number of connections. */
  public static PlatformSettings.Router quick(Duration drain, int connections) {
    return limits(
        QUICK_TEXT
            + "drain-timeout = \""
            + drain.toMillis()
            + "ms\"\nmax-connections = "
            + connections);
  }

  /** {@link #QUICK} behind proxies. */
  public static PlatformSettings.Router behind(String proxy, boolean proxyProtocol) {
    return limits(
        QUICK_TEXT
            + "drain-timeout = \"5s\"\nmax-connections = 1000\ntrusted-proxies = [\""
            + proxy
            + "\"]\nproxy-protocol = "
            + proxyProtocol);
  }

  static {
    Leaks.watch();
  }

  private final PlatformSettings settings;
  private final ByteArrayOutputStream accessLog = new ByteArrayOutputStream();
  private final RouterProcess router;
  private @Nullable ControlPeer control;
  private long generation;

  private TestRouter(PlatformSettings settings) throws IOException {
    this.settings = settings;
    this.router = new RouterProcess(settings, accessLog);
  }

  public static TestRouter start(Path folder) throws IOException {
    return start(folder, QUICK);
  }

  public static TestRouter start(Path folder, PlatformSettings.Router limits) throws IOException {
    return new TestRouter(settings(folder, limits));
  }

  public static PlatformSettings settings(Path folder, PlatformSettings.Router limits) {
    PlatformSettings byDefault = PlatformSettings.DEFAULTS;
    return new PlatformSettings(
        new PlatformSettings.Platform(
            "test",
            "localhost",
            folder.resolve("data"),
            folder.resolve("run"),
            "0",
            "0",
            byDefault.platform().diskReserve()),
        byDefault.api(),
        byDefault.ssh(),
        limits,
        byDefault.runtime(),
        byDefault.terminals(),
        byDefault.build(),
        byDefault.stacks(),
        byDefault.toolchains(),
        byDefault.planning(),
        byDefault.images(),
        byDefault.deploy(),
        byDefault.uploads(),
        byDefault.audit(),
        byDefault.domains(),
        byDefault.certificates(),
        byDefault.quota());
  }

  /** Where it listens for TLS. */
  public InetSocketAddress secureAddress() {
    return addresses().get(settings.router().http().all().size());
  }

  /** The first of {@link #addresses}. */
  public InetSocketAddress address() {
    return addresses().get(0);
  }

  public List<InetSocketAddress> addresses() {
    return router.addresses();
  }

  public Path socket() {
    return settings.platform().routerSocket();
  }

  public Path tableFile() {
    return settings.platform().data().resolve("router/table");
  }

  public RouterProcess process() {
    return router;
  }

  /** A client, by TLS where there is any. */
  public Wire connect() throws IOException {
    return settings.router().https().all().isEmpty()
        ? Wire.to(address())
        : TlsClient.connect(secureAddress(), "app.test");
  }

  /** One request on a connection of its own. */
  public String get(String host) throws IOException {
    try (Wire client = connect()) {
      return client
          .send("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
          .rest();
    }
  }

  /** Publishes a table in which {@code app.test} belongs to these origins. */
  public FromRouter route(Origin... origins) throws IOException {
    List<Backend> backends = new ArrayList<>();
    for (Origin origin : origins) {
      backends.add(backend("app.v1.web." + origin.port(), origin.port()));
    }
    return publish(table -> table.addRoutes(app(backends)));
  }

  public static Backend backend(String instance, int port) {
    return Backend.newBuilder()
        .setInstance(instance)
        .setAddress("127.0.0.1")
        .setPort(port)
        .setLabel("web.1")
        .build();
  }

  public static Route app(List<Backend> backends) {
    return Route.newBuilder()
        .setApp("app")
        .addSites(Site.newBuilder().setHost("app.test"))
        .addAllBackends(backends)
        .build();
  }

  /** Publishes the next generation and waits for the answer. */
  public FromRouter publish(UnaryOperator<RouteTable.Builder> content) throws IOException {
    if (control == null) {
      control = ControlPeer.connect(socket());
      generation = control.next().getStatus().getGeneration();
    }
    generation++;
    control.send(content.apply(RouteTable.newBuilder().setGeneration(generation)).build());
    FromRouter answer = control.next();
    while (answer.hasStatus() && answer.getStatus().getGeneration() != generation) {
      answer = control.next();
    }
    return answer;
  }

  /** Sends certificates and waits for the answer. */
  public FromRouter show(Certificates certificates) throws IOException {
    if (control == null) {
      control = ControlPeer.connect(socket());
      generation = control.next().getStatus().getGeneration();
    }
    control.send(ToRouter.newBuilder().setCertificates(certificates).build());
    return control.next();
  }

  public ControlPeer control() {
    if (control == null) {
      throw new IllegalStateException("publish first");
    }
    return control;
  }

  /** What the access log says so far. */
  public String accessLog() {
    return accessLog.toString(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    if (control != null) {
      control.close();
    }
    router.close();
    Leaks.check();
  }
}
