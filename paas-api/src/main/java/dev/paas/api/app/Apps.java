package dev.paas.api.app;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.identity.User;
import dev.paas.api.quota.Quota;
import dev.paas.api.quota.Quotas;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.Nearest;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The apps of the platform and who may use them. An app that is being destroyed is not there any
 * more, but its name is taken until everything of it is gone.
 */
@ApplicationScoped
public class Apps {

  private static final Logger LOG = LoggerFactory.getLogger(Apps.class);

  /** Hosts under the platform's domain that are or will be the platform's own. */
  private static final Set<String> RESERVED = Set.of("api", "git", "paas", "www");

  private final Store store;
  private final Clock clock;
  private final Audit audit;
  private final AppUse use;
  private final Quotas quotas;

  public Apps(Store store, Clock clock, Audit audit, AppUse use, Quotas quotas) {
    this.use = use;
    this.quotas = quotas;
    this.store = store;
    this.clock = clock;
    this.audit = audit;
  }

  /**
   * Creates an app that belongs to {@code user}.
   *
   * @throws PaasException {@code app.exists}, {@code app.being-destroyed}, {@code
   *     app.reserved-name}
   */
  public App create(User user, Actor actor, AppName name) {
    if (RESERVED.contains(name.value())) {
      throw Problem.of(
              Kind.INVALID,
              "app.reserved-name",
              "The platform keeps this name for itself",
              name.value(),
              "Choose another name.")
          .asException();
    }
    LOG.atInfo().addKeyValue("user", user.name()).addKeyValue("app", name).log("audit: app create");
    return store.commit(
        () -> {
          AppRow taken = AppRow.findById(name.value());
          if (taken != null) {
            // That another's app is going stays untold, as its being there does.
            boolean going = taken.destroyedBy != null && may(user, taken.app());
            throw going ? beingDestroyed(name).asException() : new AppExistsException(name);
          }
          long now = use.used(user.name());
          quotas.require(user.name(), Quota.APPS, now, now + 1);
          AppRow row = new AppRow();
          row.name = name.value();
          row.owner = user.name();
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.persist();
          audit.done(actor, "app.create", name, "");
          return row.app();
        });
  }

  /**
   * The app, if {@code user} may use it. Another's app is answered exactly like one that does not
   * exist.
   *
   * @throws PaasException {@code app.not-found}
   */
  public App find(User user, AppName name) {
    return find(name).filter(app -> may(user, app)).orElseThrow(() -> notFound(user, name));
  }

  /** The app, whoever asks: for reconcilers. */
  public Optional<App> find(AppName name) {
    return store.read(
        () -> {
          AppRow row = AppRow.findById(name.value());
          return row == null || row.destroyedBy != null ? Optional.empty() : Optional.of(row.app());
        });
  }

  /** The apps that {@code user} may use, by name. */
  public List<App> list(User user) {
    return all().stream().filter(app -> may(user, app)).toList();
  }

  /** All apps, by name: for reconcilers. */
  public List<App> all() {
    return store.read(
        () ->
            AppRow.<AppRow>list("destroyedBy is null order by name").stream()
                .map(AppRow::app)
                .toList());
  }

  /** Apps whose destruction has begun and not ended. */
  List<AppName> marked() {
    return store.read(
        () ->
            AppRow.<AppRow>list("destroyedBy is not null order by name").stream()
                .map(row -> new AppName(row.name))
                .toList());
  }

  /** Begins a destruction; one that goes on already is not begun again. */
  void mark(User user, Actor actor, AppName name) {
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("app", name)
        .log("audit: app destroy");
    store.write(
        () -> {
          AppRow row = AppRow.findById(name.value());
          if (row == null || !may(user, row.app())) {
            throw notFound(user, name);
          }
          if (row.destroyedBy == null) {
            row.destroyedBy = user.name();
            audit.done(actor, "app.destroy", name, "");
          }
        });
  }

  /** Ends a destruction: the row and everything that refers to it. */
  void erase(AppName name) {
    store.write(() -> AppRow.delete("name = ?1 and destroyedBy is not null", name.value()));
  }

  /** The one rule of access to an app. */
  private static boolean may(User user, App app) {
    return user.admin() || app.owner().equals(user.name());
  }

  private PaasException notFound(User user, AppName name) {
    List<String> known = list(user).stream().map(app -> app.name().value()).toList();
    String fix =
        Nearest.to(name.value(), known)
            .map(nearest -> "Did you mean " + nearest + "?")
            .orElse("See your apps with paas apps, or create it with paas create " + name + ".");
    return Problem.of(Kind.NOT_FOUND, "app.not-found", "You have no such app", name.value(), fix)
        .asException();
  }

  /** What whoever still waits for something of the app is told. */
  public static Problem destroyed(AppName app) {
    return Problem.of(
        Kind.GONE,
        "app.destroyed",
        "The app was destroyed meanwhile",
        app.value(),
        "Nothing is left of it; create it again if you need it.");
  }

  private static Problem beingDestroyed(AppName name) {
    return Problem.of(
        Kind.CONFLICT,
        "app.being-destroyed",
        "An app of this name is still being destroyed",
        name.value(),
        "Try again in a moment, or choose another name.");
  }
}
