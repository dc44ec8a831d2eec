package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.scheduler.Exit;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DeployProblemsTest {

  private static final AppName SHOP = new AppName("shop");
  private static final InstanceName WEB = new InstanceName(SHOP, ProcessType.WEB, 1, 1, 0);
  private static final Optional<DesiredInstances> GOAL =
      Optional.of(new DesiredInstances(SHOP, new ReleaseVersion(1), new TreeMap<>()));
  private static final Problem EARLIER =
      Problem.of(Kind.IMPOSSIBLE, "deploy.exited", "It exited", "Read its log.");

  @Test
  void aDeploymentThatHasStartedSomethingTakesItAwayFirst() {
    assertThat(DeployProblems.internal(deployment(new DeploymentState.Starting(), GOAL)))
        .isInstanceOf(DeploymentState.Failing.class);
    assertThat(DeployProblems.poisoned(deployment(new DeploymentState.Checking(), GOAL)))
        .isInstanceOf(DeploymentState.Failing.class);
  }

  @Test
  void aDeploymentWithoutAGoalHasFailedAtOnce() {
    assertThat(
            DeployProblems.internal(deployment(new DeploymentState.Starting(), Optional.empty())))
        .isInstanceOf(DeploymentState.Failed.class);
  }

  @Test
  void aSwitchThatFailedSaysThatItIsTriedOn() {
    DeploymentState end =
        DeployProblems.internal(deployment(new DeploymentState.Switching(), GOAL));

    assertThat(end).isInstanceOf(DeploymentState.Failed.class);
    assertThat(end.problem().map(Problem::what))
        .hasValue("The platform failed to switch to this version, which it goes on trying");
  }

  @Test
  void aDeploymentThatServesIsDone() {
    assertThat(DeployProblems.internal(deployment(new DeploymentState.Draining(), GOAL)))
        .isEqualTo(new DeploymentState.Done());
    assertThat(DeployProblems.poisoned(deployment(new DeploymentState.Draining(), GOAL)))
        .isEqualTo(new DeploymentState.Done());
  }

  @Test
  void aDeploymentThatFailsKeepsItsReason() {
    assertThat(DeployProblems.poisoned(deployment(new DeploymentState.Failing(EARLIER), GOAL)))
        .isEqualTo(new DeploymentState.Failed(EARLIER));
  }

  @Test
  void eachReasonHasItsFix() {
    Map<Exit.Reason, String> fixes = new EnumMap<>(Exit.Reason.class);
    for (Exit.Reason reason : Exit.Reason.values()) {
      fixes.put(reason, DeployProblems.exited(WEB, new Exit(reason, 1, "", Instant.EPOCH)).fix());
    }

    String log =
        "Read its log (paas logs -a shop); it must keep running and listen on the port in PORT.";
    assertThat(fixes)
        .containsEntry(Exit.Reason.EXITED, log)
        .containsEntry(Exit.Reason.SIGNALLED, log)
        .containsEntry(Exit.Reason.UNKNOWN, log)
        .containsEntry(
            Exit.Reason.OOM_KILLED, "Let the program use less memory, or raise runtime.memory.")
        .containsEntry(
            Exit.Reason.DISK_FULL, "Let the program write less to the disk, or raise runtime.disk.")
        .containsEntry(
            Exit.Reason.START_FAILED,
            "Check the command of this process type and that its file is in the image.");
  }

  @Test
  void whatCouldNotBeStartedIsNotSaidToHaveExited() {
    Exit exit = new Exit(Exit.Reason.START_FAILED, 127, "no such file", Instant.EPOCH);

    Problem problem = DeployProblems.exited(WEB, exit);

    assertThat(problem.what()).isEqualTo("web.1 could not be started");
    assertThat(problem.value()).isEqualTo("no such file");
  }

  @Test
  void whatExitedIsNamedWithItsCodeWhereNothingElseIsKnown() {
    Problem problem =
        DeployProblems.exited(WEB, new Exit(Exit.Reason.EXITED, 3, "", Instant.EPOCH));

    assertThat(problem.what()).isEqualTo("web.1 exited before it listened");
    assertThat(problem.value()).isEqualTo("code 3");
    assertThat(problem.code()).isEqualTo("deploy.exited");
  }

  @Test
  void theReasonOfAnEndIsInItsCode() {
    Deployment starting = deployment(new DeploymentState.Starting(), GOAL);
    assertThat(DeployProblems.internal(starting).problem().map(Problem::code))
        .hasValue("deploy.internal");
    assertThat(DeployProblems.internal(starting).problem().map(Problem::what))
        .hasValue("The platform failed to carry out this deployment");
    assertThat(DeployProblems.poisoned(starting).problem().map(Problem::code))
        .hasValue("deploy.poisoned");
  }

  @Test
  void aPoisonedSwitchHasFailedAtOnce() {
    assertThat(DeployProblems.poisoned(deployment(new DeploymentState.Switching(), GOAL)))
        .isInstanceOf(DeploymentState.Failed.class);
  }

  private static Deployment deployment(DeploymentState state, Optional<DesiredInstances> goal) {
    return new Deployment(
        1,
        SHOP,
        new DeploymentRequest.Restart(null),
        "ann",
        goal.map(DesiredInstances::release),
        goal,
        state,
        Instant.EPOCH,
        null);
  }
}
