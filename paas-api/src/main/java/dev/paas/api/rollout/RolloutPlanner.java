package dev.paas.api.rollout;

import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.rollout.RolloutInput.Rollout;
import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens next to an app's instances; pure, so that every case is a test.
 *
 * <p>The rules, in this order of importance:
 *
 * <ol>
 *   <li>what serves is not touched before its successor listens
 *   <li>an instance that requests may still reach is not stopped: the router acknowledges a table
 *       without it first
 *   <li>what a deployment in the other lane has asked for is that deployment's
 *   <li>exactly the difference is started and stopped: an instance that both the old and the new
 *       state want keeps its process
 *   <li>a deployment that fails removes what it started, and nothing else
 *   <li>more of what serves gets requests as soon as it listens; a successor only when all of it
 *       does, so that no two releases answer by turns
 * </ol>
 */
final class RolloutPlanner {

  private final RolloutInput now;
  private final List<RolloutStep> steps = new ArrayList<>();
  private final SortedSet<InstanceName> serving = new TreeSet<>();

  /** What the deployment adds to what serves. */
  private final SortedSet<InstanceName> fresh = new TreeSet<>();

  private @Nullable Wait waitingFor;
  private Optional<Wait> draining = Optional.empty();

  private RolloutPlanner(RolloutInput now) {
    this.now = now;
    now.serving().ifPresent(target -> serving.addAll(target.instances()));
    now.rollout().ifPresent(rollout -> fresh.addAll(rollout.goal().instances()));
    fresh.removeAll(serving);
    // One that fails may once have wanted what the other lane wants now: it does not wait for that.
    fresh.removeAll(now.beside());
  }

  static RolloutPlan of(RolloutInput now) {
    return new RolloutPlanner(now).plan();
  }

  private RolloutPlan plan() {
    boolean switches = now.rollout().isPresent() && advance(now.rollout().get());
    if (switches) {
      // The next plan, made after the commit, stops what the goal does not want.
      SortedSet<InstanceName> goal = now.rollout().get().goal().instances();
      TreeSet<InstanceName> reachable = new TreeSet<>(goal);
      now.beside().stream().filter(now.rollout().get().goal()::hasKind).forEach(reachable::add);
      return new RolloutPlan(
          steps, listening(reachable), leaving(goal), Optional.empty(), Optional.empty());
    }
    keepServing();
    SortedSet<InstanceName> leaving = stopUnwanted();
    return new RolloutPlan(
        steps,
        listening(servingOrJoining()),
        leaving,
        waitingFor == null ? draining : Optional.of(waitingFor),
        draining);
  }

  /** One step of the deployment; true when it switches to its goal. */
  private boolean advance(Rollout rollout) {
    return rollout
        .state()
        .fold(
            new DeploymentState.Cases<Boolean>() {
              @Override
              public Boolean starting() {
                return start();
              }

              @Override
              public Boolean checking() {
                return check(rollout);
              }

              @Override
              public Boolean switching() {
                if (now.acknowledged()) {
                  steps.add(new RolloutStep.Enter(new DeploymentState.Draining()));
                } else {
                  waitingFor = new Wait.Router();
                }
                return false;
              }

              @Override
              public Boolean draining() {
                return false;
              }

              @Override
              public Boolean done() {
                return false;
              }

              @Override
              public Boolean failing(Problem cause) {
                waitingFor = new Wait.Removal();
                if (fresh.stream().noneMatch(key -> now.inventory().containsKey(key))) {
                  steps.add(new RolloutStep.Enter(new DeploymentState.Failed(cause)));
                }
                return false;
              }

              @Override
              public Boolean failed(Problem cause) {
                return false;
              }
            });
  }

  private boolean start() {
    List<InstanceName> missing =
        fresh.stream().filter(key -> !now.inventory().containsKey(key)).toList();
    missing.forEach(key -> steps.add(new RolloutStep.Start(key)));
    if (missing.isEmpty()) {
      steps.add(new RolloutStep.Enter(new DeploymentState.Checking()));
    } else {
      waitingFor = new Wait.Starting(missing);
    }
    return false;
  }

  private boolean check(Rollout rollout) {
    List<InstanceName> waiting = new ArrayList<>();
    for (InstanceName key : fresh) {
      Instance instance = now.inventory().get(key);
      if (instance == null) {
        steps.add(new RolloutStep.Start(key));
        waiting.add(key);
        continue;
      }
      switch (instance.state()) {
        case RUNNING -> {}
        case BACKOFF, EXITED -> {
          return fail(DeployProblems.exited(key, instance.lastExit().orElseGet(Exit::unknown)));
        }
        case STARTING, STOPPING, UNKNOWN -> waiting.add(key);
      }
    }
    if (waiting.isEmpty()) {
      steps.add(new RolloutStep.Switch(rollout.goal().release()));
      return true;
    }
    Optional<InstanceName> late =
        waiting.stream()
            .filter(key -> !isStopping(key))
            .filter(key -> rollout.waited().apply(key).compareTo(rollout.bootTimeout()) >= 0)
            .findFirst();
    if (late.isPresent()) {
      Instance instance = now.inventory().get(late.get());
      return fail(
          DeployProblems.notListening(
              late.get(),
              rollout.port(),
              instance == null ? Instance.unknown(late.get()) : instance,
              rollout.bootTimeout()));
    }
    waitingFor = new Wait.Listening(waiting, rollout.port(), elsewhere(waiting));
    return false;
  }

  /** What an instance listens on that should listen elsewhere: usually the mistake itself. */
  private String elsewhere(List<InstanceName> waiting) {
    for (InstanceName key : waiting) {
      Instance instance = now.inventory().get(key);
      Optional<String> told =
          instance == null ? Optional.empty() : DeployProblems.elsewhere(instance);
      if (told.isPresent()) {
        return " (" + key.label() + " " + told.get() + ")";
      }
    }
    return "";
  }

  private boolean fail(Problem cause) {
    steps.clear();
    steps.add(new RolloutStep.Enter(new DeploymentState.Failing(cause)));
    return false;
  }

  private SortedSet<InstanceName> servingOrJoining() {
    TreeSet<InstanceName> all = new TreeSet<>(serving);
    if (starts()) {
      fresh.stream().filter(this::isMoreOfTheSame).forEach(all::add);
    }
    now.beside().stream().filter(this::isMoreOfTheSame).forEach(all::add);
    return all;
  }

  /** What serves is there, also after a reboot or when somebody removed it by hand. */
  private void keepServing() {
    for (InstanceName key : serving) {
      Instance instance = now.inventory().get(key);
      if (instance == null) {
        steps.add(new RolloutStep.Start(key));
      } else if (instance.state() == Instance.State.EXITED && now.rested().test(key)) {
        steps.add(new RolloutStep.Stop(key));
      }
    }
  }

  /** Its instances are started or waited for, and may yet serve. */
  private boolean starts() {
    return now.rollout()
        .map(Rollout::state)
        .filter(
            state ->
                state instanceof DeploymentState.Starting
                    || state instanceof DeploymentState.Checking)
        .isPresent();
  }

  private boolean isMoreOfTheSame(InstanceName key) {
    return now.serving().filter(target -> target.hasKind(key)).isPresent();
  }

  private SortedSet<InstanceName> stopUnwanted() {
    boolean fails =
        now.rollout()
            .map(Rollout::state)
            .filter(DeploymentState.Failing.class::isInstance)
            .isPresent();
    SortedSet<InstanceName> leaving = leaving(serving);
    if (starts()) {
      leaving.removeAll(fresh);
    }
    List<InstanceName> busy = new ArrayList<>();
    for (InstanceName key : leaving) {
      // What a failed deployment would have replaced others with was never in a table.
      boolean unreachable =
          !isRoutable(key) || (fails && fresh.contains(key) && !isMoreOfTheSame(key));
      if (unreachable || now.released().test(key)) {
        steps.add(new RolloutStep.Stop(key));
      } else {
        busy.add(key);
      }
    }
    if (!busy.isEmpty()) {
      draining = Optional.of(new Wait.Requests(busy));
    } else if (!leaving.isEmpty()) {
      draining = Optional.of(new Wait.Stopping(List.copyOf(leaving)));
    }
    return leaving;
  }

  private SortedSet<InstanceName> leaving(SortedSet<InstanceName> wanted) {
    SortedSet<InstanceName> leaving = new TreeSet<>(now.inventory().keySet());
    leaving.removeAll(wanted);
    leaving.removeAll(now.beside());
    return leaving;
  }

  private SortedSet<InstanceName> listening(SortedSet<InstanceName> wanted) {
    return wanted.stream()
        .filter(
            key -> {
              Instance instance = now.inventory().get(key);
              return instance != null
                  && instance.isRoutable()
                  && instance.state() == Instance.State.RUNNING;
            })
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** It comes again when it has ended: what it takes to end is none of its time to listen. */
  private boolean isStopping(InstanceName key) {
    Instance instance = now.inventory().get(key);
    return instance != null && instance.state() == Instance.State.STOPPING;
  }

  private boolean isRoutable(InstanceName key) {
    Instance instance = now.inventory().get(key);
    return instance != null && instance.isRoutable();
  }
}
