package dev.paas.router.boot;

import dev.paas.base.settings.DataSize;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.router.budget.Budget;
import dev.paas.router.budget.Capacity;
import dev.paas.router.client.HttpServer;
import dev.paas.router.control.ControlServer;
import dev.paas.router.control.Peers;
import dev.paas.router.drain.DrainTracker;
import dev.paas.router.log.AccessLog;
import dev.paas.router.proxy.ProxyContext;
import dev.paas.router.tls.LiveCertificates;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole router, started in this order: the table on disk is served before anything else, then
 * the control plane may connect.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // what is done again and again tells its failures itself
public final class RouterProcess implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RouterProcess.class);

  /** How often it is asked whether the key of session tickets is to be replaced. */
  private static final int TICKETS_MINUTES = 10;

  private static final int LAST_UPDATE_SECONDS = 5;

  private final PlatformSettings settings;
  private final AccessLog accessLog;
  private final EventLoopGroup loops;
  private final ScheduledExecutorService worker;
  private final LiveCertificates certificates;
  private final HttpServer http;
  private final ControlServer control;
  private final List<InetSocketAddress> addresses;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * Starts serving.
   *
   * @param accessLogTo gets a JSON line a request; closed when the router has stopped
   */
  public RouterProcess(PlatformSettings settings, OutputStream accessLogTo) throws IOException {
    this.settings = settings;
    Path folder = settings.platform().data().resolve("router");
    Files.createDirectories(folder);
    Doors doors = Doors.of(settings.router());
    Peers peers = Peers.of(settings.platform().controlUser());
    Kept kept = Kept.read(folder);
    this.certificates = kept.certificates();
    if (doors.secure()) {
      certificates.prepare();
    }
    this.loops = loops();
    this.worker = Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("updates"));
    this.accessLog = new AccessLog(accessLogTo).start();
    try {
      Capacity capacity = capacity(settings.router());
      this.http =
          new HttpServer(
              ProxyContext.of(
                  settings.router(),
                  capacity,
                  kept.table(),
                  accessLog,
                  Clock.systemUTC(),
                  Ticker.system()),
              certificates,
              loops);
      DrainTracker drains =
          new DrainTracker(loops, settings.router().drainTimeout(), this::drainingChanged);
      kept.table().watch(drains::tableReplaced);
      this.control =
          new ControlServer(peers, kept.updates(drains, version()), accessLog.failures(), worker);
      this.addresses = doors.open(http);
      logStart(kept, capacity);
      StartPriority.giveUp();
      worker.scheduleWithFixedDelay(
          certificates::rotateTickets, TICKETS_MINUTES, TICKETS_MINUTES, TimeUnit.MINUTES);
      Path socket = settings.platform().routerSocket();
      Files.createDirectories(Objects.requireNonNull(socket.getParent()));
      control.listen(socket, loops);
    } catch (IOException | RuntimeException failed) {
      closeThreads();
      throw failed;
    }
  }

  private static EventLoopGroup loops() {
    // The apps need the other half, and fewer loops find more to do each time they wake up. One
    // alone would leave a second core idle whenever it waits for an app.
    int cores = Runtime.getRuntime().availableProcessors();
    return new MultiThreadIoEventLoopGroup(
        Math.max(Math.min(2, cores), cores / 2),
        new DefaultThreadFactory("loop"),
        EpollIoHandler.newFactory());
  }

  private void logStart(Kept kept, Capacity capacity) {
    log.atInfo()
        .addKeyValue("addresses", Doors.text(addresses))
        .addKeyValue("generation", kept.table().routes().generation())
        .addKeyValue("certificates", kept.certificates().certificates().size())
        .addKeyValue("maxConnections", capacity.connections())
        .addKeyValue("maxHeld", capacity.bytes())
        .log("router listens");
  }

  /** What there is room for; says where that is less than the settings want. */
  private static Capacity capacity(PlatformSettings.Router settings) {
    Capacity capacity =
        Capacity.of(
            settings,
            Runtime.getRuntime().maxMemory(),
            PlatformDependent.maxDirectMemory(),
            OpenFiles.connections(settings.maxConnections()));
    if (capacity.connections() < settings.maxConnections()
        || capacity.bytes() < settings.maxHeld().bytes()) {
      log.atWarn()
          .addKeyValue("router.max-connections", settings.maxConnections())
          .addKeyValue("connections", capacity.connections())
          .addKeyValue("router.max-held", settings.maxHeld())
          .addKeyValue("held", new DataSize(capacity.bytes()))
          .addKeyValue("fix", "give the process more memory or open files")
          .log("the process has less room than the settings allow");
    }
    return capacity;
  }

  /** What is held for clients at this moment. */
  public Budget budget() {
    return http.budget();
  }

  private void drainingChanged() {
    control.drainingChanged();
  }

  /** Where it listens, for HTTP first, with the ports that were given for port 0. */
  public List<InetSocketAddress> addresses() {
    return addresses;
  }

  /**
   * Stops as a deploy of the router stops it: no new connection, what is under way ends within the
   * drain timeout.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Duration limit = settings.router().drainTimeout();
    log.atInfo().addKeyValue("connections", http.connections()).log("router stops");
    // First: a successor that serves already must get the next table, not this process.
    control.close();
    try {
      http.stop(limit);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    closeThreads();
    log.atInfo().log("router stopped");
  }

  private void closeThreads() {
    worker.shutdown();
    try {
      // What it keeps on disk is kept as a whole; a disk that hangs does not hold up the end.
      if (!worker.awaitTermination(LAST_UPDATE_SECONDS, TimeUnit.SECONDS)) {
        log.atWarn().log("an update was not finished");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    certificates.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    accessLog.close();
  }

  private static String version() {
    String version = RouterProcess.class.getPackage().getImplementationVersion();
    return version == null ? "unversioned" : version;
  }
}
