package dev.paas.api.domain;

import dev.paas.api.identity.User;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.Nearest;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.DomainSettings;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hosts that apps answer at: each has {@code <app>.<domain>}, and those that people add.
 * Anybody may claim a host; it belongs to the app that proves it first, and until then to none.
 */
@ApplicationScoped
public class Domains {

  /** How many hosts may be added to an app. */
  static final int MAX_PER_APP = 100;

  private static final int CHALLENGE_BYTES = 24;

  private static final Logger LOG = LoggerFactory.getLogger(Domains.class);

  private final Store store;
  private final Clock clock;
  private final Event<DomainsChanged> changed;
  private final String domain;
  private final DomainSettings settings;
  private final SecureRandom random = new SecureRandom();

  public Domains(
      Store store, Clock clock, Event<DomainsChanged> changed, PlatformSettings settings) {
    this.store = store;
    this.clock = clock;
    this.changed = changed;
    this.domain = settings.platform().domain().toLowerCase(Locale.ROOT);
    this.settings = settings.domains();
  }

  /** The host that every app has, below the domain of the platform. */
  public String builtIn(AppName app) {
    return app.value() + "." + domain;
  }

  /** All hosts that an app answers at, the built-in one first. */
  public List<String> of(AppName app) {
    return Stream.concat(
            Stream.of(builtIn(app)), added(app).stream().filter(Domain::proved).map(Domain::host))
        .toList();
  }

  /** The hosts that were added to an app, proved or not, by name. */
  List<Domain> added(AppName app) {
    return store.read(
        () ->
            DomainRow.<DomainRow>list("app = ?1 order by host", app.value()).stream()
                .map(DomainRow::domain)
                .toList());
  }

  /** All that wait for their proof. */
  List<Domain> pending() {
    return store.read(
        () -> DomainRow.<DomainRow>list("proof is null").stream().map(DomainRow::domain).toList());
  }

  Optional<Domain> find(AppName app, String host) {
    return store.read(() -> row(app, host).map(DomainRow::domain));
  }

  /**
   * Claims a host for an app: it is the app's at once when an admin says so or no proof is wanted,
   * else when it is proved. Adding one that is pending again changes nothing but by an admin's
   * word.
   *
   * @param approved the word of {@code user} proves it
   * @throws dev.paas.base.problem.PaasException {@code domain.taken}, {@code domain.reserved},
   *     {@code domain.too-many}, {@code domain.too-many-pending}
   */
  Domain add(User user, AppName app, Host host, boolean approved) {
    if (host.isUnder(domain)) {
      throw Problem.of(
              Kind.INVALID,
              "domain.reserved",
              "Hosts under the platform's domain are given by the platform",
              host.value(),
              "An app answers at " + builtIn(app) + "; add a host of another domain.")
          .asException();
    }
    log("audit: domain add", user, app, host.value());
    return store.commit(
        () -> {
          checkFree(app, host);
          Optional<DomainRow> known = row(app, host.value());
          DomainRow row = known.orElseGet(() -> claim(app, host));
          if (approved) {
            accept(row, "admin");
          } else if (!settings.wantsProof()) {
            accept(row, "none");
          }
          store.afterCommit(() -> changed.fire(new DomainsChanged(app)));
          return row.domain();
        });
  }

  private static void checkFree(AppName app, Host host) {
    DomainRow taken =
        DomainRow.<DomainRow>find("host = ?1 and proof is not null", host.value()).firstResult();
    if (taken != null) {
      // Whose it is stays untold, unless it is this app's.
      boolean own = taken.app.equals(app.value());
      throw Problem.of(
              Kind.CONFLICT,
              "domain.taken",
              own ? app + " already answers at this host" : "This host is taken",
              host.value(),
              own ? "There is nothing to do." : "Use another host.")
          .asException();
    }
  }

  private DomainRow claim(AppName app, Host host) {
    if (DomainRow.count("app", app.value()) >= MAX_PER_APP) {
      throw Problem.of(
              Kind.INVALID,
              "domain.too-many",
              "An app has at most 100 added hosts",
              "Remove some first.")
          .asException();
    }
    if (DomainRow.count("app = ?1 and proof is null", app.value()) >= settings.maxPending()) {
      throw Problem.of(
              Kind.INVALID,
              "domain.too-many-pending",
              "An app has at most " + settings.maxPending() + " hosts that are not proved",
              "Prove some of them first, or remove them: paas domains.")
          .asException();
    }
    byte[] challenge = new byte[CHALLENGE_BYTES];
    random.nextBytes(challenge);
    DomainRow row = new DomainRow();
    row.host = host.value();
    row.app = app.value();
    row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    row.challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(challenge);
    row.persist();
    return row;
  }

  /**
   * An admin's word for a host that is pending.
   *
   * @throws dev.paas.base.problem.PaasException {@code domain.not-found}, {@code domain.taken}
   */
  Domain approve(User admin, AppName app, String host) {
    log("audit: domain approve", admin, app, host);
    return store.commit(
        () -> {
          DomainRow row = row(app, host).orElseThrow(() -> notFound(app, host));
          if (row.proof == null) {
            checkFree(app, new Host(host));
            accept(row, "admin");
            store.afterCommit(() -> changed.fire(new DomainsChanged(app)));
          }
          return row.domain();
        });
  }

  /** What was found out proves the claim, unless another has proved it before, or it is gone. */
  boolean prove(Domain claim, String proof) {
    boolean won =
        store.commit(
            () -> {
              @Nullable DomainRow row = row(claim.app(), claim.host()).orElse(null);
              if (row == null
                  || row.proof != null
                  || !row.challenge.equals(claim.challenge())
                  || isTaken(claim.host())) {
                return false;
              }
              accept(row, proof);
              store.afterCommit(() -> changed.fire(new DomainsChanged(claim.app())));
              return true;
            });
    if (won) {
      LOG.atInfo()
          .addKeyValue("app", claim.app())
          .addKeyValue("host", claim.host())
          .addKeyValue("proof", proof)
          .log("domain proved");
    }
    return won;
  }

  /** Whether some app has proved the host. */
  boolean isTaken(String host) {
    return store.read(() -> DomainRow.count("host = ?1 and proof is not null", host) > 0);
  }

  private static void accept(DomainRow row, String proof) {
    row.proof = proof;
  }

  /**
   * Takes a host away from an app.
   *
   * @throws dev.paas.base.problem.PaasException {@code domain.not-found}, {@code domain.built-in}
   */
  void remove(User user, AppName app, String host) {
    if (host.equals(builtIn(app))) {
      throw Problem.of(
              Kind.INVALID,
              "domain.built-in",
              "The built-in host can't be removed",
              host,
              "Remove added hosts only.")
          .asException();
    }
    log("audit: domain remove", user, app, host);
    store.write(
        () -> {
          if (DomainRow.delete("host = ?1 and app = ?2", host, app.value()) == 0) {
            throw notFound(app, host);
          }
          store.afterCommit(() -> changed.fire(new DomainsChanged(app)));
        });
  }

  private RuntimeException notFound(AppName app, String host) {
    String fix =
        Nearest.to(host, added(app).stream().map(Domain::host).toList())
            .map(nearest -> "Did you mean " + nearest + "?")
            .orElse("See its hosts with paas domains.");
    return Problem.of(
            Kind.NOT_FOUND, "domain.not-found", "The app does not answer at this host", host, fix)
        .asException();
  }

  private static void log(String what, User user, AppName app, String host) {
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("app", app)
        .addKeyValue("host", Problem.printable(host))
        .log(what);
  }

  private static Optional<DomainRow> row(AppName app, String host) {
    return DomainRow.find("host = ?1 and app = ?2", host, app.value()).firstResultOptional();
  }
}
