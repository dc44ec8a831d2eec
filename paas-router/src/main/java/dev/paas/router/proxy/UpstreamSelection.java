package dev.paas.router.proxy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Backoff;
import dev.paas.router.balance.Acquired;
import dev.paas.router.balance.Upstream;
import dev.paas.router.table.Routes;
import dev.paas.router.table.Site;
import io.netty.channel.ConnectTimeoutException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The instances that one request is given to, one after another: which is next, and if there is
 * none, why. Counts the request in at the present one.
 */
final class UpstreamSelection implements Acquired.Cases<Decision> {

  /** Instances that are tried before the request is given up. */
  private static final int MAX = 3;

  private static final Pattern TIMEOUT = Pattern.compile("timeout=(\\d{1,6})");

  private final ProxyContext context;
  private final String host;
  private final Runnable cut;
  private Set<Upstream> tried = Set.of();
  private List<Upstream> app = List.of();
  private Upstream.@Nullable Lease lease;
  private int count;

  /** The answer when nothing is left to try, and what the log says besides. */
  private Failure failure = Failure.NO_INSTANCES;

  private String detail = "";

  /**
   * @param host in the form of the route table
   * @param cut called from any thread when the request must end at its instance
   */
  UpstreamSelection(ProxyContext context, String host, Runnable cut) {
    this.context = context;
    this.host = host;
    this.cut = cut;
  }

  /** Enters an instance that was not tried in vain, or says why there is none. */
  Decision decide() {
    Routes routes = context.table().routes();
    Optional<Site> site = routes.find(host);
    if (site.isEmpty()) {
      return new Decision.Answer(
          routes.generation() == 0 ? Failure.NO_TABLE : Failure.UNKNOWN_HOST, "");
    }
    app = site.get().route().upstreams();
    if (count == 0 && context.budget().overShare(app)) {
      return new Decision.Answer(Failure.OVERLOADED, "the app has its share of the connections");
    }
    if (count >= MAX) {
      return none();
    }
    return context.choices().acquire(app, tried, context.ticker().nanos(), cut).fold(this);
  }

  @Override
  public Decision chosen(Upstream.Lease entered) {
    lease = entered;
    count++;
    return new Decision.Forward(entered.upstream());
  }

  /** Looks again: an instance retires after the table without it is served. */
  @Override
  public Decision retired() {
    return decide();
  }

  @Override
  public Decision none() {
    return new Decision.Answer(failure, detail);
  }

  /** The present instance could not be connected to: nothing was sent, so another one may do it. */
  void unreachable(Throwable cause) {
    failure =
        cause instanceof ConnectTimeoutException ? Failure.CONNECT_TIMEOUT : Failure.CONNECT_FAILED;
    detail = cause.getClass().getSimpleName();
    failed();
    if (lease != null) {
      tried = new HashSet<>(tried);
      tried.add(lease.upstream());
      lease.end();
    }
  }

  /** The present instance did not answer. */
  void failed() {
    Upstream upstream = upstream();
    if (upstream != null) {
      PlatformSettings.Router settings = context.settings();
      upstream
          .health()
          .failed(
              context.ticker().nanos(),
              settings.ejectAfter(),
              new Backoff(settings.ejectTime(), settings.ejectMax()));
    }
  }

  /**
   * The present instance has answered.
   *
   * @param keepAlive what it says of its connections, e.g. {@code timeout=5, max=100}
   */
  void answered(@Nullable String keepAlive) {
    Upstream upstream = upstream();
    if (upstream == null) {
      return;
    }
    upstream.health().answered();
    if (keepAlive != null) {
      Matcher timeout = TIMEOUT.matcher(keepAlive);
      if (timeout.find()) {
        long seconds = Long.parseLong(timeout.group(1));
        upstream.health().closesAfter(TimeUnit.SECONDS.toNanos(seconds));
      }
    }
  }

  /** The instances of the app, empty until there was a route. */
  List<Upstream> app() {
    return app;
  }

  /** The last one that was entered. */
  @Nullable Upstream upstream() {
    return lease == null ? null : lease.upstream();
  }

  /** Instances that were entered. */
  int count() {
    return count;
  }

  /** Counts the request out. */
  void leave() {
    if (lease != null) {
      lease.end();
    }
  }
}
