package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.settings.PlatformSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RolloutClockTest {

  private static final AppName SHOP = new AppName("shop");
  private static final InstanceName WEB = web(SHOP);
  private static final InstanceName SECOND = new InstanceName(SHOP, ProcessType.WEB, 1, 2, 0);
  private static final PlatformSettings.Deploy LIMITS = PlatformSettings.DEFAULTS.deploy();

  private long nanos = 1_000;
  private final RolloutClock clock = new RolloutClock(() -> nanos, PlatformSettings.DEFAULTS);

  @Test
  void anInstanceIsWaitedForFromTheFirstQuestionOn() {
    Deployment checking = deployment(1, new DeploymentState.Checking());
    assertThat(clock.waited(checking, WEB)).isZero();
    pass(Duration.ofSeconds(7));
    assertThat(clock.waited(checking, WEB)).isEqualTo(Duration.ofSeconds(7));
    assertThat(clock.waited(checking, SECOND)).as("it came later").isZero();
    clock.switches(checking);
    assertThat(clock.waited(checking, WEB)).isZero();
  }

  @Test
  void anInstanceThatIsStoppedAndComesAgainIsWaitedForFromThenOn() {
    Deployment checking = deployment(1, new DeploymentState.Checking());
    clock.waited(checking, WEB);
    clock.waited(checking, SECOND);
    pass(Duration.ofSeconds(7));
    clock.stopped(SECOND);
    assertThat(clock.waited(checking, SECOND)).isZero();
    assertThat(clock.waited(checking, WEB)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void aStartIsTriedAgainAsOftenAsTheSettingSaysForEachDeployment() {
    Deployment one = deployment(1, new DeploymentState.Starting());
    for (int i = 1; i < LIMITS.startTries(); i++) {
      assertThat(clock.mayStartAgain(one)).as("after failure " + i).isTrue();
    }
    assertThat(clock.mayStartAgain(one)).isFalse();
    assertThat(clock.mayStartAgain(deployment(2, new DeploymentState.Starting()))).isTrue();
    clock.over(one);
    assertThat(clock.mayStartAgain(one)).isTrue();
  }

  @Test
  void anInstanceThatEndedForGoodRests() {
    clock.notice(known(Instance.State.EXITED));
    assertThat(clock.rested(WEB)).isFalse();
    pass(Duration.ofSeconds(4));
    clock.notice(known(Instance.State.EXITED));
    pass(Duration.ofSeconds(1));
    assertThat(clock.rested(WEB)).isTrue();
    clock.notice(known(Instance.State.RUNNING));
    assertThat(clock.rested(WEB)).as("it runs again").isFalse();
  }

  @Test
  void anInstanceThatWasStoppedHasNotEnded() {
    clock.notice(known(Instance.State.EXITED));
    pass(Duration.ofSeconds(5));
    clock.stopped(WEB);
    assertThat(clock.rested(WEB)).isFalse();
    assertThat(clock.next(Optional.empty(), plan(), known(Instance.State.EXITED)))
        .isEqualTo(Requeue.done());
  }

  @Test
  void aDeploymentThatIsOverHasNotWaited() {
    Deployment checking = deployment(1, new DeploymentState.Checking());
    clock.waited(checking, WEB);
    pass(Duration.ofSeconds(7));
    clock.over(checking);
    assertThat(clock.waited(checking, WEB)).isZero();
  }

  @Test
  void aDeploymentThatChecksNothingHasNoBootTimeout() {
    Deployment one = deployment(1, new DeploymentState.Checking());
    assertThat(clock.next(Optional.of(one), plan(), new TreeMap<>()))
        .as("nobody has asked yet how long it has waited")
        .isEqualTo(Requeue.done());
    clock.waited(one, WEB);
    Deployment switching = deployment(1, new DeploymentState.Switching());
    assertThat(clock.next(Optional.of(switching), plan(), new TreeMap<>()))
        .isEqualTo(Requeue.done());
  }

  @Test
  void nothingOfADestroyedAppIsRemembered() {
    clock.notice(known(Instance.State.EXITED));
    pass(Duration.ofSeconds(6));
    clock.forget(new AppName("other"));
    assertThat(clock.rested(WEB)).isTrue();
    clock.forget(SHOP);
    assertThat(clock.rested(WEB)).isFalse();
  }

  @Test
  void withNothingToWaitForOnlyEventsMatter() {
    assertThat(clock.next(Optional.empty(), plan(), known(Instance.State.RUNNING)))
        .isEqualTo(Requeue.done());
  }

  @Test
  void theNextLookIsWhenTheBootTimeoutIsOver() {
    Deployment checking = deployment(1, new DeploymentState.Checking());
    clock.waited(checking, WEB);
    pass(Duration.ofSeconds(10));
    assertThat(clock.next(Optional.of(checking), waitsFor(SECOND, WEB), new TreeMap<>()))
        .isEqualTo(Requeue.after(LIMITS.bootTimeout().minusSeconds(10).plusMillis(1)));
    assertThat(clock.next(Optional.of(checking), waitsFor(SECOND), new TreeMap<>()))
        .as("the first listens")
        .isEqualTo(Requeue.after(LIMITS.bootTimeout().plusMillis(1)));
    pass(LIMITS.bootTimeout());
    assertThat(clock.next(Optional.of(checking), waitsFor(WEB), new TreeMap<>()))
        .isEqualTo(Requeue.again());
  }

  @Test
  void theSoonestOfAllIsTheNextLook() {
    clock.notice(known(Instance.State.EXITED));
    assertThat(clock.next(Optional.empty(), plan(WEB), known(Instance.State.EXITED)))
        .isEqualTo(Requeue.after(Duration.ofSeconds(5).plusMillis(1)));
    assertThat(clock.next(Optional.empty(), plan(WEB), new TreeMap<>()))
        .isEqualTo(Requeue.after(LIMITS.drainTimeout().plusMillis(1)));
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
  }

  private static InstanceName web(AppName app) {
    return new InstanceName(app, ProcessType.WEB, 1, 1, 0);
  }

  private static RolloutPlan plan(InstanceName... leaving) {
    return new RolloutPlan(
        List.of(),
        new TreeSet<>(),
        new TreeSet<>(List.of(leaving)),
        Optional.empty(),
        Optional.empty());
  }

  private static RolloutPlan waitsFor(InstanceName... listening) {
    return new RolloutPlan(
        List.of(),
        new TreeSet<>(),
        new TreeSet<>(),
        Optional.of(new Wait.Listening(List.of(listening), 5000, "")),
        Optional.empty());
  }

  private static SortedMap<InstanceName, Instance> known(Instance.State state) {
    SortedMap<InstanceName, Instance> known = new TreeMap<>();
    known.put(WEB, Instance.unknown(WEB).in(state));
    return known;
  }

  private static Deployment deployment(long id, DeploymentState state) {
    return new Deployment(
        id,
        SHOP,
        new DeploymentRequest.Restart(null),
        "ann",
        Optional.empty(),
        Optional.empty(),
        state,
        Instant.EPOCH,
        null);
  }
}
