package dev.paas.api.app;

import dev.paas.api.access.CurrentUser;
import dev.paas.api.access.Decision;
import dev.paas.api.access.Permission;
import dev.paas.api.access.Policy;
import dev.paas.api.access.Subject;
import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.identity.User;
import dev.paas.api.quota.Quota;
import dev.paas.api.quota.Quotas;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.Nearest;
import dev.paas.base.name.PersonalApp;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
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
  private final Policy policy;

  public Apps(Store store, Clock clock, Audit audit, AppUse use, Quotas quotas, Policy policy) {
    this.policy = policy;
    this.use = use;
    this.quotas = quotas;
    this.store = store;
    this.clock = clock;
    this.audit = audit;
  }

  /**
   * Creates an app that belongs to the user of {@code subject}.
   *
   * @throws PaasException {@code app.exists}, {@code app.being-destroyed}, {@code
   *     app.reserved-name}
   */
  public App create(Subject subject, Actor actor, AppName name) {
    policy.require(subject, Permission.CREATE_APP, name.value());
    if (RESERVED.contains(name.value()) || PersonalApp.is(name)) {
      throw Problem.of(
              Kind.INVALID,
              "app.reserved-name",
              "The platform keeps this name for itself",
              name.value(),
              "Choose another name.")
          .asException();
    }
    User user = subject.user();
    LOG.atInfo().addKeyValue("user", user.name()).addKeyValue("app", name).log("audit: app create");
    return store.commit(
        () -> {
          AppRow taken = AppRow.findById(name.value());
          if (taken != null) {
            // That another's app is going stays untold, as its being there does.
            boolean going =
                taken.destroyedBy != null && open(subject, Permission.SEE_APP, taken.app());
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
   * The app of a request whose user may do with it what its resource method needs. Another's app is
   * answered exactly like one that does not exist.
   *
   * @throws PaasException {@code app.not-found}, {@code access.forbidden}
   */
  public App require(CurrentUser current, AppName name) {
    return require(current.subject(), current.permission(), name, "");
  }

  /**
   * The app, if somebody may do something to it.
   *
   * @param about what a refusal names; may be empty
   * @throws PaasException {@code app.not-found}, {@code access.forbidden}, {@code access.read-only}
   */
  public App require(Subject subject, Permission permission, AppName name, String about) {
    App app = find(name).orElseThrow(() -> notFound(subject, name));
    Decision decision = policy.decide(subject, permission, app.owner());
    return switch (decision) {
      case ALLOWED -> app;
      case HIDDEN -> throw notFound(subject, name);
      case READ_ONLY, FORBIDDEN -> throw Policy.refusal(decision, permission, about).asException();
    };
  }

  /** Whether there is such an app and somebody may do something to it. */
  public boolean allows(Subject subject, Permission permission, AppName name) {
    return find(name).filter(app -> open(subject, permission, app)).isPresent();
  }

  /** The app, whoever asks: for reconcilers. */
  public Optional<App> find(AppName name) {
    return store.read(
        () -> {
          AppRow row = AppRow.findById(name.value());
          return row == null || row.destroyedBy != null ? Optional.empty() : Optional.of(row.app());
        });
  }

  /**
   * Lets one commit at a time go on that takes numbers of an app or looks for what is pending of
   * it, whoever else writes the database. Part of a commit, and ends with it.
   */
  public void hold(AppName name) {
    AppRow.findById(name.value(), LockModeType.PESSIMISTIC_WRITE);
  }

  /** The apps that somebody may see, by name. */
  public List<App> list(Subject subject) {
    return all().stream().filter(app -> open(subject, Permission.SEE_APP, app)).toList();
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
  void mark(Subject subject, Actor actor, AppName name) {
    User user = subject.user();
    LOG.atInfo()
        .addKeyValue("user", user.name())
        .addKeyValue("app", name)
        .log("audit: app destroy");
    store.write(
        () -> {
          AppRow row = AppRow.findById(name.value());
          if (row == null || !open(subject, Permission.DESTROY_APP, row.app())) {
            throw notFound(subject, name);
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

  private boolean open(Subject subject, Permission permission, App app) {
    return policy.decide(subject, permission, app.owner()) == Decision.ALLOWED;
  }

  private PaasException notFound(Subject subject, AppName name) {
    List<String> known = list(subject).stream().map(app -> app.name().value()).toList();
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
