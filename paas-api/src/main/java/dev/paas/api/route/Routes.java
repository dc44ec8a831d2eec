package dev.paas.api.route;

import dev.paas.api.domain.DomainsChanged;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.Challenge;
import dev.paas.contract.router.Failure;
import dev.paas.contract.router.FromRouter;
import dev.paas.contract.router.Refused;
import dev.paas.contract.router.Route;
import dev.paas.contract.router.RouteTable;
import dev.paas.contract.router.RouterStatus;
import dev.paas.contract.router.Site;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The route table of the whole platform. Each app's part is told by {@link #serve}; whenever the
 * whole differs from what was published last, it is published with the next generation.
 *
 * <p>After a start nothing is published before every app has been told of: until then the router
 * serves the table it has, and a table that lacks apps would take them off the net.
 */
@ApplicationScoped
public class Routes implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);

  /** The router applies a table within milliseconds, or is away. */
  private static final Duration ACKNOWLEDGE_PATIENCE = Duration.ofSeconds(5);

  private final Ticker ticker;
  private final Generations generations;
  private final Hosts hosts;
  private final FailedRequests failed;
  private final Acknowledgements acknowledgements;
  private final RouterLink link;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final List<Consumer<AppName>> hostListeners = new CopyOnWriteArrayList<>();
  private final SortedMap<AppName, List<Backend>> backends = new TreeMap<>();

  /** Apps that have not been told of since the start; null before the start. */
  private @Nullable Set<AppName> awaited;

  private @Nullable List<AppRoute> published;
  private long generation;
  private @Nullable Refused refused;
  private @Nullable RouterStatus status;

  Routes(
      PlatformSettings settings,
      Generations generations,
      Hosts hosts,
      FailedRequests failed,
      Ticker ticker) {
    this.ticker = ticker;
    this.generations = generations;
    this.hosts = hosts;
    this.failed = failed;
    this.acknowledgements = new Acknowledgements(ticker, settings.deploy().drainTimeout());
    this.link =
        new RouterLink(
            settings.platform().routerSocket(),
            new RouterLink.Listener() {
              @Override
              public void told(FromRouter message) {
                hear(message);
              }

              @Override
              public void lost() {
                forgetStatus();
                wake();
              }
            });
  }

  /** Connects to the router; nothing is published before all these apps have been told of. */
  public void start(Collection<AppName> apps) {
    synchronized (this) {
      awaited = new HashSet<>(apps);
      awaited.removeAll(backends.keySet());
    }
    link.start();
    publish();
  }

  /** Hears of every change of what the router does; must not block. */
  public void listen(Runnable listener) {
    listeners.add(listener);
  }

  /** Hears of each app that is published with other hosts than before; must not block. */
  public void listenHosts(Consumer<AppName> listener) {
    hostListeners.add(listener);
  }

  /** Whether the app is in the newest table. */
  public synchronized boolean has(AppName app) {
    return published != null && published.stream().anyMatch(route -> route.app().equals(app));
  }

  /** These instances, and no others, may get the app's requests. */
  public synchronized void serve(AppName app, List<Backend> instances) {
    if (awaited != null) {
      awaited.remove(app);
    }
    backends.put(app, instances.stream().sorted().toList());
    publish();
  }

  /** The app is not there any more. */
  public synchronized void remove(AppName app) {
    if (awaited != null) {
      awaited.remove(app);
    }
    backends.remove(app);
    failed.forget(app);
    publish();
  }

  /** The hosts of some app changed. */
  synchronized void hostsChanged(@Observes DomainsChanged event) {
    publish();
  }

  /** What the router says itself at hosts; at all others nothing. */
  public synchronized void rule(Map<String, SiteRules> siteRules) {
    hosts.rule(siteRules);
    publish();
  }

  void send(Certificates certificates) {
    link.send(certificates);
  }

  /** What the router told of itself last; null before that, and while it is away. */
  synchronized @Nullable RouterStatus status() {
    return status;
  }

  /** Whether the router has applied the newest table. */
  public synchronized boolean acknowledged() {
    return published != null && acknowledgements.applied() >= generation;
  }

  /**
   * Waits until the router has applied the newest table.
   *
   * @throws dev.paas.base.problem.PaasException {@code router.unavailable} when it does not in time
   */
  public void awaitAcknowledged() throws InterruptedException {
    await(() -> published == null || acknowledged());
  }

  /**
   * Waits until the router says what an authority is to read at the host under this token.
   *
   * @throws dev.paas.base.problem.PaasException {@code router.unavailable} when it does not in time
   */
  public void awaitSaid(String host, String token) throws InterruptedException {
    await(() -> says(host, token) && acknowledged());
  }

  private boolean says(String host, String token) {
    return published != null
        && published.stream()
            .map(route -> route.sites().getOrDefault(host, SiteRules.NONE))
            .anyMatch(said -> said.challenges().containsKey(token));
  }

  private void await(BooleanSupplier applied) throws InterruptedException {
    long start = ticker.nanos();
    synchronized (this) {
      while (!applied.getAsBoolean()) {
        long left = ACKNOWLEDGE_PATIENCE.minus(ticker.since(start)).toMillis();
        if (left <= 0) {
          throw Problem.of(
                  Kind.UNAVAILABLE,
                  "router.unavailable",
                  "The router (paas-routerd) does not take the new routes",
                  "It goes on as soon as the router answers; see paas doctor.")
              .asException();
        }
        wait(left);
      }
    }
  }

  /** Whether no request can reach the instance any more. */
  public synchronized boolean released(String instance) {
    return acknowledgements.released(instance);
  }

  /** The instance is gone for good. */
  public synchronized void forget(String instance) {
    acknowledgements.forget(instance);
  }

  /** Why the newest table is not applied, if there is something to say. */
  public Optional<String> trouble() {
    if (!link.connected()) {
      return Optional.of("the router (paas-routerd), which does not answer");
    }
    synchronized (this) {
      return Optional.ofNullable(refused)
          .map(answer -> "the router, which refused what it was sent: " + answer.getWhat());
    }
  }

  public boolean reachable() {
    return link.connected();
  }

  private synchronized void publish() {
    if (awaited == null || !awaited.isEmpty()) {
      return;
    }
    List<AppRoute> now =
        backends.entrySet().stream()
            .map(entry -> new AppRoute(entry.getKey(), sites(entry.getKey()), entry.getValue()))
            .toList();
    if (now.equals(published)) {
      return;
    }
    generation = generations.next(Math.max(generation, acknowledgements.applied()));
    List<AppRoute> before = published == null ? List.of() : published;
    published = now;
    now.stream()
        .filter(route -> before.stream().noneMatch(route::hasHostsOf))
        .forEach(route -> hostListeners.forEach(listener -> listener.accept(route.app())));
    Set<String> named = new HashSet<>();
    now.forEach(route -> route.backends().forEach(backend -> named.add(backend.instance())));
    acknowledgements.published(generation, named);
    link.send(table(generation, now));
    LOG.atInfo()
        .addKeyValue("generation", generation)
        .addKeyValue("apps", now.size())
        .addKeyValue("backends", named.size())
        .log("table published");
  }

  private SortedMap<String, SiteRules> sites(AppName app) {
    SortedMap<String, SiteRules> sites = new TreeMap<>();
    hosts.of(app).forEach(host -> sites.put(host, hosts.rules(host)));
    return sites;
  }

  private RouteTable table(long generation, List<AppRoute> routes) {
    return table(generation, routes, hosts.securePort());
  }

  static RouteTable table(long generation, List<AppRoute> routes, int securePort) {
    RouteTable.Builder table = RouteTable.newBuilder().setGeneration(generation);
    for (AppRoute route : routes) {
      Route.Builder one =
          Route.newBuilder().setApp(route.app().value()).addAllHosts(route.sites().keySet());
      route.sites().forEach((host, said) -> one.addSites(site(host, said, securePort)));
      for (Backend backend : route.backends()) {
        one.addBackends(
            dev.paas.contract.router.Backend.newBuilder()
                .setInstance(backend.instance())
                .setLabel(backend.label())
                .setAddress(backend.address())
                .setPort(backend.port()));
      }
      table.addRoutes(one);
    }
    return table.build();
  }

  private static Site site(String host, SiteRules said, int securePort) {
    Site.Builder site = Site.newBuilder().setHost(host);
    new TreeMap<>(said.challenges())
        .forEach(
            (token, answer) ->
                site.addChallenges(Challenge.newBuilder().setToken(token).setAnswer(answer)));
    return site.setHttpsPort(said.secure() ? securePort : 0).build();
  }

  private synchronized void forgetStatus() {
    status = null;
  }

  private void hear(FromRouter message) {
    if (message.hasFailures()) {
      failed.told(served(message.getFailures().getFailuresList()));
      return;
    }
    synchronized (this) {
      if (message.hasStatus()) {
        RouterStatus told = message.getStatus();
        status = told;
        acknowledgements.told(told);
        refused = null;
        if (published != null && told.getGeneration() > generation) {
          // The database is older than the router's table: a backup was restored.
          LOG.atWarn()
              .addKeyValue("published", generation)
              .addKeyValue("applied", told.getGeneration())
              .log("router is ahead");
          published = null;
          publish();
        }
      } else if (message.hasRefused()) {
        refused = message.getRefused();
        LOG.atError()
            .addKeyValue("generation", message.getRefused().getGeneration())
            .addKeyValue("code", message.getRefused().getCode())
            .addKeyValue("what", message.getRefused().getWhat())
            .log("the router refused what it was sent");
      }
      notifyAll();
    }
    wake();
  }

  /** Those of apps that are there: of others nothing is kept. */
  private synchronized List<Failure> served(List<Failure> failures) {
    return failures.stream()
        .filter(failure -> backends.containsKey(new AppName(failure.getApp())))
        .toList();
  }

  private void wake() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public void close() {
    link.close();
  }
}
