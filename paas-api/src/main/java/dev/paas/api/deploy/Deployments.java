package dev.paas.api.deploy;

import dev.paas.api.app.Apps;
import dev.paas.api.build.BuildId;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.ProcessScale;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Work;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The deployments of apps, in the order in which they were asked for. Those who wait hear of every
 * change once it is durable ({@link DeploymentsChanged}).
 */
@ApplicationScoped
public class Deployments {

  private static final String OPEN = "state not in ('done', 'failed')";

  private final Store store;
  private final Apps apps;
  private final Attempts attempts;
  private final Clock clock;
  private final Event<DeploymentsChanged> changed;
  private final Event<DeploymentMoved> moved;

  public Deployments(
      Store store,
      Apps apps,
      Attempts attempts,
      Clock clock,
      Event<DeploymentsChanged> changed,
      Event<DeploymentMoved> moved) {
    this.moved = moved;
    this.apps = apps;
    this.changed = changed;
    this.store = store;
    this.attempts = attempts;
    this.clock = clock;
  }

  /**
   * Records what somebody asked for; it is done when its turn comes. The ids of an app's
   * deployments are in the order of their commits.
   */
  public Deployment request(AppName app, DeploymentRequest request, String user) {
    return store.commit(
        () -> {
          apps.hold(app);
          DeploymentRow row = new DeploymentRow();
          row.app = app.value();
          row.kind = request.kind();
          row.request = DeploymentRequestText.write(request);
          row.build = request instanceof DeploymentRequest.Deploy deploy ? deploy.build() : null;
          row.user = user;
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.enter(new DeploymentState.Starting());
          row.persist();
          store.afterCommit(() -> changed.fire(new DeploymentsChanged(app)));
          return row.deployment();
        });
  }

  /** Asks for the deployment of a build's image, once. */
  public void requestOnce(BuildId build, String user) {
    store.write(
        () -> {
          apps.hold(build.app());
          if (of(build).isEmpty()) {
            request(build.app(), new DeploymentRequest.Deploy(build.number()), user);
          }
        });
  }

  /**
   * Lets one commit at a time go on that asks for, begins or switches a deployment of an app. Part
   * of a commit, before the first of the rows that it decides by is read.
   */
  public void hold(AppName app) {
    apps.hold(app);
  }

  /**
   * Whether a request is the next of its lane to begin: none before it is in progress or waits.
   * That stays so for as long as the app is held.
   */
  boolean isNext(Deployment deployment) {
    return deployment
        .lane()
        .first(open(deployment.app()))
        .filter(first -> first.id() == deployment.id() && first.goal().isEmpty())
        .isPresent();
  }

  /**
   * Whether the deployment still wants what it did when it was read; the other lane may have
   * changed it. That stays so for as long as the app is held.
   */
  public boolean isUnchanged(Deployment deployment) {
    return get(deployment.app(), deployment.id()).goal().equals(deployment.goal());
  }

  /**
   * Has the release that is on its way come with these quantities, unless it has failed. Part of
   * the commit in which they become what the app has.
   */
  void scaleComing(AppName app, SortedMap<ProcessType, Integer> quantities) {
    coming(app)
        .ifPresent(row -> row.begin(row.deployment().goal().orElseThrow().scaled(quantities)));
  }

  /**
   * What the release that is on its way would come to have with these quantities; nothing where
   * there is none, or where it would not have more.
   */
  Optional<DesiredInstances> growing(AppName app, SortedMap<ProcessType, Integer> quantities) {
    return coming(app)
        .flatMap(row -> row.deployment().goal())
        .filter(goal -> goal.scaled(quantities).quantity() > goal.quantity())
        .map(goal -> goal.scaled(quantities));
  }

  /** These quantities with those of the scale that is in progress. */
  SortedMap<ProcessType, Integer> withScale(
      AppName app, SortedMap<ProcessType, Integer> quantities) {
    SortedMap<ProcessType, Integer> all = new TreeMap<>(quantities);
    active(app, Lane.CAPACITY)
        .map(row -> row.deployment().request())
        .ifPresent(
            request -> {
              if (request instanceof DeploymentRequest.Scale scale) {
                all.putAll(scale.quantities());
              }
            });
    return all;
  }

  /** Whether a release is on its way. */
  boolean isComing(AppName app) {
    return store.read(() -> coming(app).isPresent());
  }

  private static Optional<DeploymentRow> coming(AppName app) {
    return active(app, Lane.RELEASE).filter(row -> row.deployment().isComing());
  }

  /**
   * What a deployment wanted serves now: the one in progress in the other lane goes on from there.
   * Part of the commit that says so.
   *
   * <p>Also a scale that fails, whose instances are of the release before: requests may reach them,
   * so they leave as all of that release does. As what the scale has started they would be stopped
   * at once. Of the new release it has started nothing, so it is over at the next look.
   */
  public void switched(Deployment deployment) {
    DesiredInstances serving = deployment.goal().orElseThrow();
    if (deployment.request() instanceof DeploymentRequest.Scale scale) {
      scaleComing(deployment.app(), scale.quantities());
    } else {
      active(deployment.app(), Lane.CAPACITY)
          .ifPresent(
              row -> {
                if (row.deployment().request() instanceof DeploymentRequest.Scale scale) {
                  row.begin(serving.scaled(scale.quantities()));
                }
              });
    }
  }

  private static Optional<DeploymentRow> active(AppName app, Lane lane) {
    return DeploymentRow.find("activeOf", DeploymentRow.activeOf(app.value(), lane))
        .firstResultOptional();
  }

  /** Records what a request means now that its turn has come. */
  public void begin(Deployment deployment, DesiredInstances goal) {
    store.write(
        () -> {
          DeploymentRow row = row(deployment.id());
          row.begin(goal);
          attempts.begin(work(deployment));
          store.afterCommit(() -> changed.fire(new DeploymentsChanged(deployment.app())));
        });
  }

  public void enter(Deployment deployment, DeploymentState state) {
    store.write(
        () -> {
          DeploymentRow row = row(deployment.id());
          Deployment before = row.deployment();
          row.enter(state);
          moved.fire(new DeploymentMoved(before, state));
          if (state.serves() || state.finished()) {
            attempts.end(work(deployment));
          }
          if (state.finished()) {
            row.finishedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          }
          store.afterCommit(() -> changed.fire(new DeploymentsChanged(deployment.app())));
        });
  }

  /**
   * The app's deployment of this id.
   *
   * @throws dev.paas.base.problem.PaasException {@code deploy.not-found}
   */
  public Deployment get(AppName app, long id) {
    return store
        .read(() -> DeploymentRow.<DeploymentRow>findByIdOptional(id))
        .filter(row -> row.app.equals(app.value()))
        .map(DeploymentRow::deployment)
        .orElseThrow(
            () ->
                Problem.of(
                        Kind.NOT_FOUND,
                        "deploy.not-found",
                        "The app has no such deployment",
                        String.valueOf(id),
                        "Use the id that the change was answered with.")
                    .asException());
  }

  /** How its attempts are counted. */
  public static Work work(Deployment deployment) {
    return new Work(Work.Kind.DEPLOYMENT, deployment.app(), deployment.id());
  }

  /** Not ended, oldest first. */
  public List<Deployment> open(AppName app) {
    return store.read(
        () ->
            DeploymentRow.<DeploymentRow>list("app = ?1 and " + OPEN + " order by id", app.value())
                .stream()
                .map(DeploymentRow::deployment)
                .toList());
  }

  /** The deployment of a build's image. */
  public Optional<Deployment> of(BuildId build) {
    return store.read(
        () ->
            DeploymentRow.<DeploymentRow>find(
                    "app = ?1 and build = ?2 order by id desc", build.app().value(), build.number())
                .firstResultOptional()
                .map(DeploymentRow::deployment));
  }

  /** Releases that were made and never served, because their deployment failed. */
  public Set<ReleaseVersion> failedReleases(AppName app) {
    return store.read(
        () ->
            DeploymentRow.<DeploymentRow>list(
                    "app = ?1 and state in ('failing', 'failed') and release is not null"
                        + " and kind in ('deploy', 'config', 'rollback')",
                    app.value())
                .stream()
                .flatMap(row -> row.deployment().release().stream())
                .collect(Collectors.toSet()));
  }

  /** Apps with a deployment that has not ended. */
  public List<AppName> appsWithOpen() {
    return store.read(
        () ->
            DeploymentRow.<DeploymentRow>list(OPEN).stream()
                .map(row -> new AppName(row.app))
                .distinct()
                .toList());
  }

  /** The highest generation that a restart of the app was given, at least {@code atLeast}. */
  long highestGeneration(AppName app, long atLeast) {
    return store.read(
        () ->
            DeploymentRow.<DeploymentRow>find(
                    "app = ?1 and kind = 'restart' and goal is not null order by id desc",
                    app.value())
                .firstResultOptional()
                .flatMap(row -> row.deployment().goal())
                .map(goal -> goal.scales().values().stream().mapToLong(ProcessScale::generation))
                .map(generations -> Math.max(atLeast, generations.max().orElse(atLeast)))
                .orElse(atLeast));
  }

  /** Forgets an app's deployments. */
  public void delete(AppName app) {
    store.write(() -> DeploymentRow.delete("app", app.value()));
  }

  /** Those who wait look again, also when only the reason of the waiting changed. */
  void tell(AppName app) {
    changed.fire(new DeploymentsChanged(app));
  }

  private static DeploymentRow row(long id) {
    return DeploymentRow.<DeploymentRow>findByIdOptional(id).orElseThrow();
  }
}
