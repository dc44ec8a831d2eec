package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.ProcessScale;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.scheduler.Exit;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RolloutPlannerTest {

  private static final AppName SHOP = new AppName("shop");
  private static final ProcessType WORKER = new ProcessType("worker");
  private static final InstanceName WORK = new InstanceName(SHOP, WORKER, 1, 1, 1);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final SortedMap<InstanceName, Instance> inventory = new TreeMap<>();
  private final Set<InstanceName> released = new HashSet<>();
  private Optional<DesiredInstances> serving = Optional.empty();
  private Optional<RolloutInput.Rollout> rollout = Optional.empty();
  private SortedSet<InstanceName> beside = new TreeSet<>();
  private boolean acknowledged = true;
  private boolean rested = true;

  @Test
  void firstDeployStartsItsInstances() {
    deploys(new DeploymentState.Starting(), web(1, 1, 0));

    assertThat(plan().steps()).containsExactly(new RolloutStep.Start(key(1, 1, 0)));
    assertThat(plan().waitingFor()).map(Wait::text).hasValue("web.1 to start");
    assertThat(plan().backends()).isEmpty();
  }

  @Test
  void startedInstancesAreChecked() {
    deploys(new DeploymentState.Starting(), web(1, 1, 0));
    has(key(1, 1, 0), Instance.State.STARTING);

    assertThat(plan().steps())
        .containsExactly(new RolloutStep.Enter(new DeploymentState.Checking()));
  }

  @Test
  void deploymentWaitsUntilAllListen() {
    deploys(new DeploymentState.Checking(), web(1, 2, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(1, 2, 0), Instance.State.STARTING);

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().waitingFor()).map(Wait::text).hasValue("web.2 to listen on port 5000");
    assertThat(plan().backends()).as("not serving yet").isEmpty();
  }

  @Test
  void listeningInstancesTakeOver() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Switch(new ReleaseVersion(1)));
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
  }

  @Test
  void oldInstancesServeWhileNewOnesStart() {
    serves(web(1, 2, 0));
    deploys(new DeploymentState.Checking(), web(2, 2, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(1, 2, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.STARTING);
    has(key(2, 2, 0), Instance.State.RUNNING);

    assertThat(plan().backends()).containsExactly(key(1, 1, 0), key(1, 2, 0));
    assertThat(plan().steps()).isEmpty();
  }

  @Test
  void theTableChangesInOneStep() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(2, 1, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.RUNNING);

    assertThat(plan().backends()).containsExactly(key(2, 1, 0));
    assertThat(plan().leaving()).containsExactly(key(1, 1, 0));
    assertThat(plan().steps()).containsExactly(new RolloutStep.Switch(new ReleaseVersion(2)));
  }

  @Test
  void oldInstanceIsNotStoppedBeforeTheRouterLetsGoOfIt() {
    serves(web(2, 1, 0));
    deploys(new DeploymentState.Switching(), web(2, 1, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.RUNNING);
    acknowledged = false;

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().waitingFor()).map(Wait::text).hasValue("the router to take the new routes");

    acknowledged = true;
    assertThat(plan().steps())
        .containsExactly(new RolloutStep.Enter(new DeploymentState.Draining()));

    released.add(key(1, 1, 0));
    assertThat(plan().steps()).contains(new RolloutStep.Stop(key(1, 1, 0)));
  }

  @Test
  void drainingSaysWhatItWaitsFor() {
    serves(web(2, 1, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.RUNNING);

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().waitingFor()).map(Wait::text).hasValue("requests on web.1 to finish");
    assertThat(plan().leaving()).containsExactly(key(1, 1, 0));
  }

  @Test
  void scalingUpStartsExactlyTheDifference() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Starting(), web(1, 3, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);

    assertThat(plan().steps())
        .containsExactly(new RolloutStep.Start(key(1, 2, 0)), new RolloutStep.Start(key(1, 3, 0)));
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
  }

  @Test
  void anInstanceMoreGetsRequestsAsSoonAsItListens() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(1, 3, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(1, 2, 0), Instance.State.STARTING);
    has(key(1, 3, 0), Instance.State.RUNNING);

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().backends()).containsExactly(key(1, 1, 0), key(1, 3, 0));
    assertThat(plan().leaving()).isEmpty();
  }

  @Test
  void aReplacementGetsNoRequestsBeforeAllListen() {
    serves(web(1, 2, 0));
    deploys(new DeploymentState.Checking(), web(1, 2, 1));
    for (int slot = 1; slot <= 2; slot++) {
      has(key(1, slot, 0), Instance.State.RUNNING);
    }
    has(key(1, 1, 1), Instance.State.RUNNING);
    has(key(1, 2, 1), Instance.State.STARTING);

    assertThat(plan().backends()).containsExactly(key(1, 1, 0), key(1, 2, 0));
  }

  @Test
  void scalingDownStopsTheHighestSlots() {
    serves(web(1, 4, 0));
    deploys(new DeploymentState.Starting(), web(1, 1, 0));
    for (int slot = 1; slot <= 4; slot++) {
      has(key(1, slot, 0), Instance.State.RUNNING);
    }
    assertThat(plan().steps())
        .containsExactly(new RolloutStep.Enter(new DeploymentState.Checking()));

    deploys(new DeploymentState.Checking(), web(1, 1, 0));
    assertThat(plan().steps()).containsExactly(new RolloutStep.Switch(new ReleaseVersion(1)));
    assertThat(plan().leaving()).containsExactly(key(1, 2, 0), key(1, 3, 0), key(1, 4, 0));
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
  }

  @Test
  void scalingDoesNotJudgeWhatItKeeps() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(1, 2, 0));
    has(key(1, 1, 0), Instance.State.BACKOFF);
    has(key(1, 2, 0), Instance.State.RUNNING);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Switch(new ReleaseVersion(1)));
    assertThat(plan().backends()).containsExactly(key(1, 2, 0));
  }

  @Test
  void scalingToNothingSwitchesWithoutStarting() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(1, 0, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Switch(new ReleaseVersion(1)));
    assertThat(plan().backends()).isEmpty();
  }

  @Test
  void restartReplacesTheGeneration() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Starting(), web(1, 1, 1));
    has(key(1, 1, 0), Instance.State.RUNNING);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Start(key(1, 1, 1)));
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
  }

  @Test
  void instanceThatExitsFailsTheDeployment() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(2, 1, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    inventory.put(
        key(2, 1, 0),
        instance(
            key(2, 1, 0),
            Instance.State.BACKOFF,
            List.of(),
            Optional.of(new Exit(Exit.Reason.EXITED, 1, "exited with 1", Instant.EPOCH)),
            ""));

    Problem problem = failure(plan());
    assertThat(problem.code()).isEqualTo("deploy.exited");
    assertThat(problem.what()).isEqualTo("web.1 exited before it listened");
    assertThat(problem.value()).isEqualTo("exited with 1");
    assertThat(problem.fix()).contains("paas logs -a " + key(2, 1, 0).app());
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
  }

  @Test
  void anExitOfWhichNothingWasToldIsNamedByItsCode() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0));
    has(key(1, 1, 0), Instance.State.BACKOFF);

    assertThat(failure(plan()).value()).isEqualTo("code 0");
  }

  @Test
  void anInstanceInAStateThatIsNotKnownHereIsWaitedForAndGetsNoRequests() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0));
    has(key(1, 1, 0), Instance.State.UNKNOWN);

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().backends()).isEmpty();
    assertThat(plan().waitingFor()).map(Wait::text).hasValue("web.1 to listen on port 5000");
  }

  @Test
  void aMissingInstanceIsSaidToListenOnNoPort() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0), LIMIT);

    assertThat(failure(plan()).value()).isEqualTo("listens on no port, expected 5000");
  }

  @Test
  void lackOfMemoryIsNamedInTheFix() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0));
    inventory.put(
        key(1, 1, 0),
        instance(
            key(1, 1, 0),
            Instance.State.EXITED,
            List.of(),
            Optional.of(
                new Exit(Exit.Reason.OOM_KILLED, 137, "OOM-killed (limit 512 MiB)", Instant.EPOCH)),
            ""));

    assertThat(failure(plan()).fix()).contains("memory");
  }

  @Test
  void instanceOnTheWrongPortIsNamedWithItsPorts() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0), LIMIT);
    inventory.put(
        key(1, 1, 0),
        instance(key(1, 1, 0), Instance.State.STARTING, List.of(3000), Optional.empty(), ""));

    Problem problem = failure(plan());
    assertThat(problem.code()).isEqualTo("deploy.not-listening");
    assertThat(problem.value()).isEqualTo("listens on 3000, expected 5000");
    assertThat(problem.what()).isEqualTo("web.1 did not listen on port 5000 within 60 s");
  }

  @Test
  void whatKeepsRequestsFromAnInstanceIsSaidInTheFailure() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0), LIMIT);
    inventory.put(
        key(1, 1, 0),
        instance(
            key(1, 1, 0),
            Instance.State.STARTING,
            List.of(),
            Optional.empty(),
            "listens on 127.0.0.1:5000, where no request can reach it"));

    assertThat(failure(plan()).value())
        .isEqualTo("listens on 127.0.0.1:5000, where no request can reach it");
  }

  @Test
  void silentInstanceIsNamedAsSuch() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0), LIMIT);
    has(key(1, 1, 0), Instance.State.STARTING);

    assertThat(failure(plan()).value()).isEqualTo("listens on no port, expected 5000");
  }

  @Test
  void failedDeploymentRemovesWhatItStartedAndNothingElse() {
    serves(web(1, 1, 0));
    Problem cause = Problem.of(Kind.IMPOSSIBLE, "deploy.exited", "it exited", "fix it");
    deploys(new DeploymentState.Failing(cause), web(2, 1, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.BACKOFF);
    acknowledged = false;

    assertThat(plan().steps()).containsExactly(new RolloutStep.Stop(key(2, 1, 0)));
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));

    inventory.remove(key(2, 1, 0));
    assertThat(plan().steps())
        .containsExactly(new RolloutStep.Enter(new DeploymentState.Failed(cause)));
  }

  @Test
  void failedScaleKeepsWhatRan() {
    serves(web(1, 1, 0));
    Problem cause = Problem.of(Kind.IMPOSSIBLE, "deploy.not-listening", "it did not", "fix it");
    deploys(new DeploymentState.Failing(cause), web(1, 2, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(1, 2, 0), Instance.State.RUNNING);

    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
    assertThat(plan().steps()).as("it may have requests").isEmpty();

    released.add(key(1, 2, 0));
    assertThat(plan().steps()).containsExactly(new RolloutStep.Stop(key(1, 2, 0)));
  }

  @Test
  void aScaleGoesOnBesideANewRelease() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(1, 2, 0));
    beside = web(2, 1, 0).instances();
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(1, 2, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.STARTING);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Switch(new ReleaseVersion(1)));
    assertThat(plan().backends()).containsExactly(key(1, 1, 0), key(1, 2, 0));
    assertThat(plan().leaving()).isEmpty();
  }

  @Test
  void aNewReleaseLeavesTheInstancesOfAScaleAlone() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(2, 1, 0));
    beside = web(1, 2, 0).instances();
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(1, 2, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.STARTING);
    released.add(key(1, 2, 0));

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().backends()).containsExactly(key(1, 1, 0), key(1, 2, 0));
  }

  @Test
  void instancesOfAReleaseThatIsNotReadyGetNoRequestsFromAScale() {
    serves(web(1, 2, 0));
    deploys(new DeploymentState.Checking(), web(1, 1, 0));
    beside = web(2, 2, 0).instances();
    for (int slot = 1; slot <= 2; slot++) {
      has(key(1, slot, 0), Instance.State.RUNNING);
      has(key(2, slot, 0), Instance.State.RUNNING);
    }

    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
    assertThat(plan().leaving()).containsExactly(key(1, 2, 0));
  }

  @Test
  void moreOfTheSameKeepsItsRequestsWhenARestartOfAnotherProcessSwitches() {
    serves(both(1, 0));
    deploys(new DeploymentState.Checking(), both(1, 1));
    beside = both(2, 0).instances();
    for (DesiredInstances each : List.of(both(2, 0), both(1, 1))) {
      each.instances().forEach(key -> has(key, Instance.State.RUNNING));
    }

    assertThat(plan().switches()).isTrue();
    assertThat(plan().backends()).containsExactly(key(1, 1, 0), key(1, 2, 0));
  }

  @Test
  void aDeploymentThatFailsDoesNotWaitForWhatAScaleWantsNow() {
    serves(both(1, 0));
    deploys(new DeploymentState.Failing(DeployProblems.exited(WORK, Exit.unknown())), both(2, 1));
    beside = both(2, 0).instances();
    both(2, 0).instances().forEach(key -> has(key, Instance.State.RUNNING));

    assertThat(plan().steps())
        .singleElement()
        .isInstanceOfSatisfying(
            RolloutStep.Enter.class,
            enter -> assertThat(enter.state()).isInstanceOf(DeploymentState.Failed.class));
  }

  @Test
  void whatAnInstanceTakesToEndIsNoneOfItsTimeToListen() {
    serves(web(1, 1, 0));
    deploys(new DeploymentState.Checking(), web(2, 1, 0), LIMIT);
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.STOPPING);

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().waitingFor()).containsInstanceOf(Wait.Listening.class);
  }

  @Test
  void anInstanceThatCameLaterHasItsOwnTimeToListen() {
    serves(web(1, 1, 0));
    rollout =
        Optional.of(
            new RolloutInput.Rollout(
                new DeploymentState.Checking(),
                web(2, 2, 0),
                key -> key.slot() == 1 ? LIMIT : Duration.ZERO,
                LIMIT,
                5000));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.RUNNING);
    has(key(2, 2, 0), Instance.State.STARTING);

    assertThat(plan().steps()).as("only the second is waited for").isEmpty();

    has(key(2, 1, 0), Instance.State.STARTING);
    assertThat(failure(plan()).code()).isEqualTo("deploy.not-listening");
  }

  @Test
  void vanishedInstanceIsStartedAgain() {
    serves(web(1, 2, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Start(key(1, 2, 0)));
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
  }

  @Test
  void crashingInstanceGetsNoRequests() {
    serves(web(1, 2, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    has(key(1, 2, 0), Instance.State.BACKOFF);

    assertThat(plan().steps()).isEmpty();
    assertThat(plan().backends()).containsExactly(key(1, 1, 0));
  }

  @Test
  void instanceThatWillNotStartAgainIsReplaced() {
    serves(web(1, 1, 0));
    has(key(1, 1, 0), Instance.State.EXITED);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Stop(key(1, 1, 0)));
  }

  @Test
  void instanceThatWillNotStartAgainRestsFirst() {
    serves(web(1, 1, 0));
    has(key(1, 1, 0), Instance.State.EXITED);
    rested = false;

    assertThat(plan().steps()).isEmpty();
  }

  @Test
  void whereANewInstanceListensInsteadIsInWhatItWaitsFor() {
    deploys(new DeploymentState.Checking(), web(1, 2, 0));
    has(key(1, 1, 0), Instance.State.STARTING);
    inventory.put(
        key(1, 2, 0),
        instance(key(1, 2, 0), Instance.State.STARTING, List.of(8080), Optional.empty(), ""));

    assertThat(plan().waitingFor())
        .map(Wait::text)
        .hasValue("web.1, web.2 to listen on port 5000 (web.2 listens on 8080)");
  }

  @Test
  void allPortsOnWhichItListensInsteadAreNamed() {
    deploys(new DeploymentState.Checking(), web(1, 1, 0));
    inventory.put(
        key(1, 1, 0),
        instance(key(1, 1, 0), Instance.State.STARTING, List.of(80, 443), Optional.empty(), ""));

    assertThat(plan().waitingFor())
        .map(Wait::text)
        .hasValue("web.1 to listen on port 5000 (web.1 listens on 80, 443)");
  }

  @Test
  void aDeploymentThatServesAlreadyDecidesNothingMore() {
    serves(web(1, 1, 0));
    has(key(1, 1, 0), Instance.State.RUNNING);
    for (DeploymentState state :
        List.of(new DeploymentState.Draining(), new DeploymentState.Done())) {
      deploys(state, web(1, 1, 0));
      assertThat(plan().steps()).isEmpty();
      assertThat(plan().backends()).containsExactly(key(1, 1, 0));
      assertThat(plan().waitingFor()).isEmpty();
    }
  }

  @Test
  void leftOverOfAnEarlierLifeIsStopped() {
    serves(web(3, 1, 0));
    has(key(3, 1, 0), Instance.State.RUNNING);
    has(key(2, 1, 0), Instance.State.RUNNING);
    released.add(key(2, 1, 0));

    assertThat(plan().steps()).containsExactly(new RolloutStep.Stop(key(2, 1, 0)));
  }

  @Test
  void workersNeedNoRouterToStop() {
    DesiredInstances one =
        new DesiredInstances(
            SHOP, new ReleaseVersion(1), new TreeMap<>(Map.of(WORKER, new ProcessScale(1, 0))));
    serves(one);
    InstanceName second = new InstanceName(SHOP, WORKER, 1, 2, 0);
    has(new InstanceName(SHOP, WORKER, 1, 1, 0), Instance.State.RUNNING);
    has(second, Instance.State.RUNNING);

    assertThat(plan().steps()).containsExactly(new RolloutStep.Stop(second));
    assertThat(plan().backends()).isEmpty();
  }

  @Test
  void newReleaseTakesTheFormation() {
    serves(web(1, 3, 0));
    deploys(new DeploymentState.Starting(), web(2, 3, 0));
    for (int slot = 1; slot <= 3; slot++) {
      has(key(1, slot, 0), Instance.State.RUNNING);
    }

    assertThat(plan().steps())
        .containsExactly(
            new RolloutStep.Start(key(2, 1, 0)),
            new RolloutStep.Start(key(2, 2, 0)),
            new RolloutStep.Start(key(2, 3, 0)));
  }

  @Test
  void manyNamesAreShortened() {
    deploys(new DeploymentState.Starting(), web(1, 20, 0));

    assertThat(plan().waitingFor())
        .map(Wait::text)
        .hasValue("web.1, web.2, web.3 and 17 more to start");
  }

  private static Problem failure(RolloutPlan plan) {
    assertThat(plan.steps()).hasSize(1);
    RolloutStep.Enter step = (RolloutStep.Enter) plan.steps().get(0);
    return ((DeploymentState.Failing) step.state()).cause();
  }

  private RolloutPlan plan() {
    return RolloutPlanner.of(
        new RolloutInput(
            serving, rollout, beside, inventory, released::contains, acknowledged, key -> rested));
  }

  private void serves(DesiredInstances target) {
    serving = Optional.of(target);
  }

  private void deploys(DeploymentState state, DesiredInstances goal) {
    deploys(state, goal, Duration.ZERO);
  }

  private void deploys(DeploymentState state, DesiredInstances goal, Duration waited) {
    rollout = Optional.of(new RolloutInput.Rollout(state, goal, key -> waited, LIMIT, 5000));
  }

  private void has(InstanceName key, Instance.State state) {
    inventory.put(key, instance(key, state, List.of(), Optional.empty(), ""));
  }

  private static Instance instance(
      InstanceName key,
      Instance.State state,
      List<Integer> listening,
      Optional<Exit> lastExit,
      String unreachable) {
    return new Instance(
        key,
        state,
        7,
        "10.0.0.2",
        key.process().equals(WORKER) ? 0 : 5000,
        listening,
        Optional.empty(),
        0,
        lastExit,
        0,
        0,
        0,
        unreachable);
  }

  private static DesiredInstances web(long release, int quantity, long generation) {
    return new DesiredInstances(
        SHOP,
        new ReleaseVersion(release),
        new TreeMap<>(Map.of(ProcessType.WEB, new ProcessScale(quantity, generation))));
  }

  /** Of release 1: so many web instances, and a worker of this generation. */
  private static DesiredInstances both(int web, long worker) {
    return new DesiredInstances(
        SHOP,
        new ReleaseVersion(1),
        new TreeMap<>(
            Map.of(
                ProcessType.WEB, new ProcessScale(web, 0), WORKER, new ProcessScale(1, worker))));
  }

  private static InstanceName key(long release, int slot, long generation) {
    return new InstanceName(SHOP, ProcessType.WEB, release, slot, generation);
  }
}
