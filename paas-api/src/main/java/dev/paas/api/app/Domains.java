package dev.paas.api.app;

import dev.paas.api.access.User;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.Nearest;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts that apps answer at: each has {@code <app>.<domain>}, and those that people add. A host
 * belongs to one app.
 */
@ApplicationScoped
public class Domains {

  /** How many hosts may be added to an app. */
  static final int MAX_PER_APP = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Domains.class);

  private final Store store;
  private final Clock clock;
  private final Event<DomainsChanged> changed;
  private final String domain;

  public Domains(
      Store store, Clock clock, Event<DomainsChanged> changed, PlatformSettings settings) {
    this.store = store;
    this.clock = clock;
    this.changed = changed;
    this.domain = settings.platform().domain().toLowerCase(Locale.ROOT);
  }

  /** The host that an app has from birth. */
  public String builtIn(AppName app) {
    return app.value() + "." + domain;
  }

  /** All hosts of an app, the built-in one first. */
  public List<String> of(AppName app) {
    return Stream.concat(Stream.of(builtIn(app)), added(app).stream()).toList();
  }

  /** The hosts that were added to an app, by name. */
  List<String> added(AppName app) {
    return store.read(
        () ->
            DomainRow.<DomainRow>list("app = ?1 order by host", app.value()).stream()
                .map(row -> row.host)
                .toList());
  }

  /**
   * Lets an app answer at {@code host}.
   *
   * @throws dev.paas.base.problem.PaasException {@code domain.taken}, {@code domain.reserved},
   *     {@code domain.too-many}
   */
  void add(User user, AppName app, Host host) {
    if (host.isUnder(domain)) {
      throw Problem.of(
              "domain.reserved",
              "Hosts under the platform's domain are given by the platform",
              host.value(),
              "An app answers at " + builtIn(app) + "; add a host of another domain.")
          .asException();
    }
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("app", app)
        .addKeyValue("host", host.value())
        .log("audit: domain add");
    store.write(
        () -> {
          DomainRow taken = DomainRow.findById(host.value());
          if (taken != null) {
            // Whose it is stays untold, unless it is this app's.
            String fix =
                taken.app.equals(app.value()) ? "It is this app's already." : "Use another host.";
            throw Problem.of("domain.taken", "This host is taken", host.value(), fix).asException();
          }
          if (DomainRow.count("app", app.value()) >= MAX_PER_APP) {
            throw Problem.of(
                    "domain.too-many", "An app has at most 100 added hosts", "Remove some first.")
                .asException();
          }
          DomainRow row = new DomainRow();
          row.host = host.value();
          row.app = app.value();
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.persist();
          store.afterCommit(() -> changed.fire(new DomainsChanged(app)));
        });
  }

  /**
   * Takes a host away from an app.
   *
   * @throws dev.paas.base.problem.PaasException {@code domain.not-found}, {@code domain.built-in}
   */
  void remove(User user, AppName app, String host) {
    if (host.equals(builtIn(app))) {
      throw Problem.of(
              "domain.built-in",
              "The host that an app has from birth can't be removed",
              host,
              "Remove added hosts only.")
          .asException();
    }
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("app", app)
        .addKeyValue("host", Problem.printable(host))
        .log("audit: domain remove");
    store.write(
        () -> {
          List<String> known = added(app);
          if (DomainRow.delete("host = ?1 and app = ?2", host, app.value()) == 0) {
            String fix =
                Nearest.to(host, known)
                    .map(nearest -> "Did you mean " + nearest + "?")
                    .orElse("See its hosts with paas domains.");
            throw Problem.of("domain.not-found", "The app does not answer at this host", host, fix)
                .asException();
          }
          store.afterCommit(() -> changed.fire(new DomainsChanged(app)));
        });
  }
}
