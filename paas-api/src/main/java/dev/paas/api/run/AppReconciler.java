package dev.paas.api.run;

import dev.paas.api.app.Apps;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.release.Release;
import dev.paas.api.release.Releases;
import dev.paas.api.route.Backend;
import dev.paas.api.route.Routes;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.Instance;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one app's instances to what is committed, and its deployments to their end. Reads what is
 * wanted and what is, asks {@link DeploymentPlan}, and does what it says; it may be killed between
 * any two lines and goes on from the rows and the inventory.
 */
@ApplicationScoped
class AppReconciler {

  private static final Logger LOG = LoggerFactory.getLogger(AppReconciler.class);

  /** An instance that the runtime has given up is started again after this. */
  private static final Duration REST = Duration.ofSeconds(5);

  /** How soon a deployment asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  /** Lines of a failed instance's log that the pusher is shown. */
  private static final int LAST_LINES = 30;

  private final Store store;
  private final Apps apps;
  private final Formations formations;
  private final Deployments deployments;
  private final Beginning beginning;
  private final Releases releases;
  private final InstanceActs acts;
  private final Inventory inventory;
  private final Routes routes;
  private final Waiting waiting;
  private final BuildOutput output;
  private final OldImages oldImages;
  private final Attempts attempts;
  private final Faults faults;
  private final Ticker ticker;
  private final PlatformSettings.Deploy limits;

  /** How often the instances of a deployment could not be started, by its id. */
  private final Map<Long, Integer> failedStarts = new ConcurrentHashMap<>();

  /** When a deployment began to wait for its instances, by id. */
  private final Map<Long, Long> checkedSince = new ConcurrentHashMap<>();

  /** What was told of an instance that no request reaches, by the deployment's id. */
  private final Map<Long, String> unreachable = new ConcurrentHashMap<>();

  /** Apps with instances that nobody wants any more and that are not gone yet. */
  private final Set<AppName> leaving = ConcurrentHashMap.newKeySet();

  /** When an instance was first seen to have ended for good. */
  private final Map<InstanceName, Long> endedSince = new ConcurrentHashMap<>();

  AppReconciler(
      Store store,
      Apps apps,
      Formations formations,
      Deployments deployments,
      Beginning beginning,
      Releases releases,
      InstanceActs acts,
      Inventory inventory,
      Routes routes,
      Waiting waiting,
      BuildOutput output,
      OldImages oldImages,
      Attempts attempts,
      Faults faults,
      Ticker ticker,
      PlatformSettings settings) {
    this.store = store;
    this.apps = apps;
    this.formations = formations;
    this.deployments = deployments;
    this.beginning = beginning;
    this.releases = releases;
    this.acts = acts;
    this.inventory = inventory;
    this.routes = routes;
    this.waiting = waiting;
    this.output = output;
    this.oldImages = oldImages;
    this.attempts = attempts;
    this.faults = faults;
    this.ticker = ticker;
    this.limits = settings.deploy();
  }

  Requeue reconcile(AppName app) {
    if (apps.find(app).isEmpty()) {
      return Requeue.done();
    }
    Formation formation = formations.of(app);
    List<Deployment> open = deployments.open(app);
    Optional<Deployment> active =
        open.stream().filter(deployment -> !deployment.state().serves()).findFirst();
    if (active.isPresent() && !attempts.take(Deployments.work(active.get()))) {
      return Requeue.after(TURN);
    }
    if (active.isPresent() && attempts.isPoisoned(Deployments.work(active.get()))) {
      poisoned(active.get());
      return Requeue.again();
    }
    if (active.isPresent() && active.get().goal().isEmpty()) {
      begin(active.get());
      return Requeue.again();
    }
    Optional<SortedMap<InstanceName, Instance>> known = inventory.of(app);
    if (known.isEmpty()) {
      boolean matters = !open.isEmpty();
      waiting.waitsFor(app, matters ? new Wait.RuntimeAway().text() : null);
      active.ifPresent(deployment -> attempts.lost(Deployments.work(deployment)));
      return Requeue.done();
    }
    try {
      active.ifPresent(deployment -> attempts.begin(Deployments.work(deployment)));
      return proceed(formation, active, open, known.get());
    } catch (PaasException failed) {
      if (!Outage.ofRuntime(failed)) {
        throw failed;
      }
      waiting.waitsFor(app, new Wait.RuntimeAway().text());
      active.ifPresent(deployment -> attempts.lost(Deployments.work(deployment)));
      return Requeue.backoff();
    }
  }

  /** Apps that wait for the router to let go of an instance. */
  Set<AppName> leaving() {
    return Set.copyOf(leaving);
  }

  /**
   * Ends the app's deployment, whose step failed again and again for a reason that nobody expected:
   * first its new instances are taken away, and if that fails as well it is over at once. What the
   * app is to run afterwards stays a duty without an end.
   */
  boolean end(AppName app, Throwable cause) {
    Optional<Deployment> open =
        cause instanceof ServingFailedException
            ? Optional.empty()
            : deployments.open(app).stream().findFirst();
    open.ifPresent(
        failing -> {
          DeploymentState end = DeployProblems.internal(failing);
          deployments.enter(failing, end);
          if (end.finished()) {
            checkedSince.remove(failing.id());
            failedStarts.remove(failing.id());
          }
        });
    return open.isPresent();
  }

  /** A deployment that was alone at too many deaths. */
  void poisoned(Deployment deployment) {
    DeploymentState end = DeployProblems.poisoned(deployment);
    deployments.enter(deployment, end);
    LOG.atError()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("state", end.stored())
        .log("deployment ended: daemons died of it");
  }

  private void begin(Deployment deployment) {
    beginning.begin(deployment);
    faults.reach(FaultPoint.RELEASE_COMMITTED);
    Deployment begun = deployments.get(deployment.app(), deployment.id());
    LOG.atInfo()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("kind", deployment.request().kind())
        .addKeyValue("release", begun.release().map(Object::toString).orElse("none"))
        .log("deployment begun");
    say(
        begun,
        (out, build) -> {
          begun.release().ifPresent(version -> out.step(build, "Releasing " + version));
          begun.goal().ifPresent(goal -> out.detail(build, formationText(goal)));
        });
  }

  private static String formationText(Target goal) {
    return goal.formation().entrySet().stream()
        .map(entry -> entry.getKey() + "=" + entry.getValue())
        .collect(Collectors.joining(" "));
  }

  private Requeue proceed(
      Formation formation,
      Optional<Deployment> active,
      List<Deployment> open,
      SortedMap<InstanceName, Instance> known) {
    AppName app = formation.app();
    notice(known);
    Situation now =
        new Situation(
            formation.target(),
            active.map(deployment -> rollout(deployment)),
            known,
            key -> routes.released(key.toString()),
            routes.acknowledged(),
            this::rested);
    Plan plan = DeploymentPlan.of(now);
    boolean switches = plan.steps().stream().anyMatch(Step.Switch.class::isInstance);
    if (!switches) {
      routes.serve(app, backends(plan.backends(), known));
    }
    active.ifPresent(deployment -> tellUnreachable(deployment, known));
    boolean changed = act(app, active, plan, known);
    if (switches) {
      routes.serve(app, backends(plan.backends(), known));
      faults.reach(FaultPoint.ROUTE_PUBLISHED);
    }
    if (apps.find(app).isEmpty()) {
      routes.remove(app); // destroyed meanwhile
      return Requeue.done();
    }
    waiting.waitsFor(app, reason(plan));
    if (plan.leaving().isEmpty()) {
      leaving.remove(app);
      changed |= finish(open);
    } else {
      leaving.add(app);
    }
    if (changed) {
      return Requeue.again();
    }
    if (active.isPresent() && attempts.oneByOne()) {
      attempts.rest(Deployments.work(active.get())); // others go on while this one waits
    }
    return later(active, plan, known);
  }

  /** The router's own trouble explains a wait for it better than the plan can. */
  private @Nullable String reason(Plan plan) {
    return plan.waitingFor()
        .map(wait -> wait.onRouter() ? routes.trouble().orElseGet(wait::text) : wait.text())
        .orElse(null);
  }

  private Situation.Rollout rollout(Deployment deployment) {
    Target goal = deployment.goal().orElseThrow();
    Release release = releases.get(deployment.app(), goal.release());
    boolean checks = deployment.state() instanceof DeploymentState.Checking;
    Duration waited =
        checks
            ? ticker.since(checkedSince.computeIfAbsent(deployment.id(), id -> ticker.nanos()))
            : Duration.ZERO;
    return new Situation.Rollout(
        deployment.state(), goal, waited, limits.bootTimeout(), release.port());
  }

  /** Remembers since when instances are at their end. */
  private void notice(SortedMap<InstanceName, Instance> known) {
    known.forEach(
        (key, instance) -> {
          if (instance.getState() == Instance.State.EXITED) {
            endedSince.putIfAbsent(key, ticker.nanos());
          } else {
            endedSince.remove(key);
          }
        });
  }

  private boolean rested(InstanceName key) {
    Long since = endedSince.get(key);
    return since != null && ticker.since(since).compareTo(REST) >= 0;
  }

  /** Does what the plan says; true when a state was recorded, so that another plan follows. */
  private boolean act(
      AppName app, Optional<Deployment> active, Plan plan, SortedMap<InstanceName, Instance> known) {
    List<InstanceName> starts = new ArrayList<>();
    boolean changed = false;
    for (Step step : plan.steps()) {
      if (step instanceof Step.Start start) {
        starts.add(start.instance());
      } else if (step instanceof Step.Stop stop) {
        acts.stop(stop.instance());
        endedSince.remove(stop.instance());
        faults.reach(FaultPoint.RUN_OLD_STOPPED);
      } else if (step instanceof Step.Enter enter) {
        enter(active.orElseThrow(), enter.state(), known);
        changed = true;
      } else if (step instanceof Step.Switch) {
        faults.reach(FaultPoint.RUN_HEALTHY);
        switchTo(active.orElseThrow());
        changed = true;
      }
    }
    boolean started = start(app, active, starts);
    return changed || started;
  }

  private boolean start(AppName app, Optional<Deployment> active, List<InstanceName> keys) {
    if (keys.isEmpty()) {
      return false;
    }
    faults.reach(FaultPoint.RUN_CREATED);
    Map<InstanceName, Problem> failed = acts.start(keys);
    faults.reach(FaultPoint.RUN_STARTED);
    if (failed.isEmpty()) {
      return true;
    }
    Set<InstanceName> serving = serving(app);
    Optional<Problem> fresh =
        failed.keySet().stream()
            .filter(key -> active.isPresent() && !serving.contains(key))
            .findFirst()
            .map(failed::get);
    if (fresh.isPresent() && !mayPass(active.get(), fresh.get())) {
      enter(active.get(), new DeploymentState.Failing(fresh.get()), new TreeMap<>());
      return true;
    }
    Problem cause = fresh.orElseGet(() -> failed.values().iterator().next());
    if (Outage.is(cause)) {
      throw cause.asException();
    }
    // Counted above for new instances; those that serve are wanted whatever becomes of this.
    throw new ServingFailedException(cause);
  }

  private boolean mayPass(Deployment deployment, Problem cause) {
    return switch (Retry.of(cause.kind())) {
      case UNTIL_BACK -> true;
      case A_FEW_TIMES ->
          failedStarts.merge(deployment.id(), 1, Integer::sum) < limits.startTries();
      case NEVER -> false;
    };
  }

  private void switchTo(Deployment deployment) {
    Target goal = deployment.goal().orElseThrow();
    store.write(
        () -> {
          formations.save(formations.of(deployment.app()).with(goal));
          deployments.enter(deployment, new DeploymentState.Switching());
        });
    checkedSince.remove(deployment.id());
    LOG.atInfo()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("release", goal.release())
        .log("deployment switches");
    say(deployment, (out, build) -> out.step(build, "Switching to " + goal.release()));
  }

  private void enter(
      Deployment deployment, DeploymentState state, SortedMap<InstanceName, Instance> known) {
    if (state instanceof DeploymentState.Failing) {
      tellLastLines(deployment, known);
    }
    deployments.enter(deployment, state);
    LOG.atInfo()
        .addKeyValue("app", deployment.app())
        .addKeyValue("deployment", deployment.id())
        .addKeyValue("state", state.stored())
        .addKeyValue("problem", state.problem().map(Problem::code).orElse(""))
        .log("deployment");
    if (state instanceof DeploymentState.Checking) {
      say(deployment, (out, build) -> out.step(build, "Waiting until the instances listen"));
    }
    if (state.finished()) {
      checkedSince.remove(deployment.id());
      unreachable.remove(deployment.id());
      failedStarts.remove(deployment.id());
      oldImages.collect(deployment.app());
    }
  }

  /** Tells the pusher, once, what keeps requests from an instance that starts. */
  private void tellUnreachable(Deployment deployment, SortedMap<InstanceName, Instance> known) {
    for (InstanceName key : deployment.goal().orElseThrow().instances()) {
      Instance instance = known.get(key);
      if (instance == null || instance.getState() != Instance.State.STARTING) {
        continue;
      }
      String why = instance.getUnreachable();
      if (!why.isEmpty()) {
        if (!why.equals(unreachable.put(deployment.id(), why))) {
          say(deployment, (out, build) -> out.detail(build, key.label() + " " + why));
        }
        return;
      }
    }
  }

  /** What the first instance that failed wrote, before it is removed. */
  private void tellLastLines(Deployment deployment, SortedMap<InstanceName, Instance> known) {
    Set<InstanceName> serving = serving(deployment.app());
    for (InstanceName key : deployment.goal().orElseThrow().instances()) {
      Instance instance = known.get(key);
      if (instance == null
          || serving.contains(key)
          || instance.getState() == Instance.State.RUNNING) {
        continue;
      }
      say(
          deployment,
          (out, build) -> {
            out.step(build, "Last lines of " + key.label());
            try {
              acts.lastLines(key, LAST_LINES).forEach(line -> out.detail(build, line));
            } catch (PaasException away) {
              out.detail(build, "(" + away.problem().what() + ")");
            }
          });
      return;
    }
  }

  private Set<InstanceName> serving(AppName app) {
    return formations
        .of(app)
        .target()
        .<Set<InstanceName>>map(target -> new HashSet<>(target.instances()))
        .orElseGet(HashSet::new);
  }

  /** Deployments that serve are done once nothing is leaving. */
  private boolean finish(List<Deployment> open) {
    boolean any = false;
    for (Deployment deployment : open) {
      if (deployment.state() instanceof DeploymentState.Draining) {
        enter(deployment, new DeploymentState.Done(), new TreeMap<>());
        any = true;
      }
    }
    return any;
  }

  private List<Backend> backends(
      SortedSet<InstanceName> keys, SortedMap<InstanceName, Instance> known) {
    List<Backend> backends = new ArrayList<>();
    for (InstanceName key : keys) {
      Instance instance = known.get(key);
      if (instance != null && key.process().equals(ProcessType.WEB)) {
        backends.add(
            new Backend(key.toString(), key.label(), instance.getAddress(), instance.getPort()));
      }
    }
    return backends;
  }

  /** Nothing tells when time has passed; everything else comes as an event. */
  private Requeue later(
      Optional<Deployment> active, Plan plan, SortedMap<InstanceName, Instance> known) {
    Duration soonest = Duration.ofDays(1);
    if (active.isPresent() && active.get().state() instanceof DeploymentState.Checking) {
      Long since = checkedSince.get(active.get().id());
      soonest = since == null ? soonest : limits.bootTimeout().minus(ticker.since(since));
    }
    if (!plan.leaving().isEmpty()) {
      // The router's own drain ends earlier; this is for one that never tells.
      soonest = shorter(soonest, limits.drainTimeout());
    }
    if (known.keySet().stream().anyMatch(endedSince::containsKey)) {
      soonest = shorter(soonest, REST);
    }
    if (soonest.toDays() >= 1) {
      return Requeue.done();
    }
    return Requeue.after(soonest.isNegative() ? Duration.ZERO : soonest.plusMillis(1));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private interface Saying {
    void to(BuildOutput out, BuildId build);
  }

  private void say(Deployment deployment, Saying saying) {
    deployment
        .build()
        .ifPresent(number -> saying.to(output, new BuildId(deployment.app(), number)));
  }
}
