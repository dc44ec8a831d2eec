package dev.paas.api.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.boot.ByHand;
import dev.paas.api.boot.Caller;
import dev.paas.api.deploy.BuiltApps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.DeploymentRequests;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.FakeRouter;
import dev.paas.api.fake.MemoryScheduler;
import dev.paas.api.fake.MemoryScheduler.Behaviour;
import dev.paas.api.formation.Formations;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.route.Routes;
import dev.paas.api.scheduler.Inventory;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * One look at an app after the other, taken by the test: the platform's own queue is closed. The
 * rows are real, the instances are the scheduler's in memory.
 */
@QuarkusTest
@TestProfile(ByHand.class)
class AppReconcilerIT {

  private static final AtomicInteger APPS = new AtomicInteger();

  @Inject DeploymentWork work;
  @Inject AppReconciler reconciler;
  @Inject RolloutTurns turns;
  @Inject Deployments deployments;
  @Inject DeploymentRequests requests;
  @Inject Formations formations;
  @Inject Routes routes;
  @Inject Inventory inventory;
  @Inject MemoryScheduler scheduler;
  @Inject PlatformSettings settings;
  @Inject BuiltApps built;
  @Inject Caller caller;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  private AppName app;

  @BeforeEach
  void takeTheQueuesPlace() {
    work.close();
    await(inventory::known);
    app = built.create("looked-at-" + APPS.incrementAndGet());
  }

  @AfterEach
  void behaveAgain() {
    scheduler.away(false);
    scheduler.startsFail(0);
    scheduler.behave(Behaviour.LISTEN);
  }

  @Test
  void aDeploymentTakesOneStepALookUntilNothingIsLeftToDo() {
    Deployment first = deploy();
    assertThat(look()).isEqualTo(Requeue.again());
    assertThat(now(first).goal()).as("it has begun").isPresent();
    assertThat(running()).isEmpty();

    assertThat(look()).isEqualTo(Requeue.again());
    assertThat(running()).containsExactly(web(1, 1));
    assertThat(state(first)).isEqualTo(new DeploymentState.Starting());

    assertThat(look()).isEqualTo(Requeue.again());
    assertThat(state(first)).isEqualTo(new DeploymentState.Checking());
    assertThat(formations.of(app).release()).isEmpty();

    assertThat(look()).isEqualTo(Requeue.again());
    assertThat(state(first)).isEqualTo(new DeploymentState.Switching());
    assertThat(formations.of(app).release()).hasValue(new ReleaseVersion(1));

    await(routes::acknowledged);
    assertThat(backends()).containsExactly(web(1, 1).toString());
    look();
    assertThat(state(first)).isEqualTo(new DeploymentState.Draining());
    look();
    assertThat(state(first)).isEqualTo(new DeploymentState.Done());
    assertThat(look()).isEqualTo(Requeue.done());
    assertThat(reconciler.waiting()).doesNotContain(app);
  }

  @Test
  void whatDoesNotListenIsLookedAtAgainWhenItsTimeIsUp() {
    scheduler.behave(Behaviour.LISTEN_ON_3000);
    Deployment first = deploy();
    look();
    look();
    look();
    Duration most = settings.deploy().bootTimeout().plusMillis(1);
    assertThat(look())
        .isInstanceOfSatisfying(
            Requeue.After.class,
            after -> assertThat(after.delay()).isPositive().isLessThanOrEqualTo(most));
    assertThat(state(first)).isEqualTo(new DeploymentState.Checking());
    assertThat(waitingFor(first)).startsWith("web.1 to listen on port 5000");
    assertThat(reconciler.waiting()).contains(app);
  }

  @Test
  void whileTheSchedulerIsAwayNothingIsTakenForGone() {
    serve();
    Deployment restart = requests.restart(app, null, BuiltApps.ADMIN);
    scheduler.away(true);
    await(() -> !inventory.known());

    assertThat(look()).isEqualTo(Requeue.done());
    assertThat(state(restart)).isEqualTo(new DeploymentState.Starting());
    assertThat(waitingFor(restart)).contains("paas-runtimed");
    assertThat(backends()).containsExactly(web(1, 1).toString());

    scheduler.away(false);
    await(inventory::known);
    lookUntilDone(restart);
    assertThat(running()).containsExactly(new InstanceName(app, ProcessType.WEB, 1, 1, 1));
  }

  @Test
  void aStartThatTheHostRefusesIsTriedAsOftenAsTheSettingSays() {
    Deployment first = deploy();
    look();
    scheduler.startsFail(100);
    for (int i = 1; i < settings.deploy().startTries(); i++) {
      assertThatThrownBy(this::look).isInstanceOf(ServingFailedException.class);
      assertThat(state(first)).isEqualTo(new DeploymentState.Starting());
    }
    assertThat(look()).isEqualTo(Requeue.again());
    assertThat(state(first)).isInstanceOf(DeploymentState.Failing.class);
    look();
    assertThat(state(first)).isInstanceOf(DeploymentState.Failed.class);
    assertThat(state(first).problem().map(Problem::code)).hasValue("instance.start-failed");
  }

  @Test
  void anInstanceThatTheHostLostIsStartedAgain() {
    serve();
    scheduler.loseInstances(app.value());
    assertThat(running()).isEmpty();
    look();
    assertThat(running()).containsExactly(web(1, 1));
  }

  @Test
  void whatServesAndCantBeStartedDoesNotKeepTheReleaseBesideAScale() {
    serve();
    scheduler.behave(Behaviour.LISTEN_ON_3000);
    Deployment release = deploy();
    look();
    look();
    look();
    assertThat(state(release)).isEqualTo(new DeploymentState.Checking());
    Deployment scale = scale(2);
    scheduler.stop(web(1, 1), Duration.ZERO).join();
    scheduler.listen(app.value());
    scheduler.startsFail(100);

    assertThat(look()).isEqualTo(Requeue.again());

    assertThat(formations.of(app).release()).hasValue(new ReleaseVersion(2));
    assertThat(now(scale).release()).as("it goes on with that").hasValue(new ReleaseVersion(2));
    assertThat(state(scale)).isEqualTo(new DeploymentState.Starting());
  }

  @Test
  void aStepThatAlwaysFailsEndsTheDeploymentWhoseTurnItWasAndNoOther() {
    serve();
    scheduler.behave(Behaviour.LISTEN_ON_3000);
    Deployment scale = scale(2);
    Deployment release = deploy();
    look();
    look();
    look();
    look();
    assertThat(running()).containsExactly(web(1, 1), web(1, 2), web(2, 1));

    ServingFailedException served =
        new ServingFailedException(Problem.of(Kind.HOST_FAILED, "some.code", "What", "Fix"));
    assertThat(turns.end(app, served)).as("what serves has no end").isFalse();
    assertThat(turns.end(app, new IllegalStateException("a bug"))).isTrue();

    assertThat(state(release).problem().map(Problem::code)).hasValue("deploy.internal");
    assertThat(state(scale).problem()).isEmpty();
    await(
        () -> {
          look();
          return state(release) instanceof DeploymentState.Failed;
        });
    assertThat(running()).containsExactly(web(1, 1), web(1, 2));
    scheduler.listen(app.value());
    lookUntilDone(scale);
  }

  @Test
  void instancesOfAScaleThatFailsWhileAReleaseSwitchesLeaveWhenTheirRequestsHaveEnded() {
    serve();
    scheduler.behave(Behaviour.LISTEN_ON_3000);
    Deployment release = deploy();
    look();
    look();
    look();
    scheduler.behave(Behaviour.LISTEN);
    Deployment scale = scale(2);
    look();
    look();
    assertThat(state(scale)).isEqualTo(new DeploymentState.Checking());
    await(routes::acknowledged);
    assertThat(backends()).as("it joins").contains(web(1, 2).toString());
    router().carries(web(1, 2).toString(), true);
    deployments.enter(
        scale,
        new DeploymentState.Failing(Problem.of(Kind.INTERNAL, "deploy.internal", "What", "Fix")));
    scheduler.listen(app.value());

    look();
    assertThat(formations.of(app).release()).hasValue(new ReleaseVersion(2));
    assertThat(now(scale).release()).hasValue(new ReleaseVersion(2));
    await(
        () -> {
          look();
          return state(scale) instanceof DeploymentState.Failed && running().size() == 2;
        });
    look();
    assertThat(running()).as("one has a request").containsExactly(web(1, 2), web(2, 1));
    assertThat(reconciler.waiting()).contains(app);

    router().carries(web(1, 2).toString(), false);
    lookUntilDone(release);
    assertThat(running()).containsExactly(web(2, 1));
  }

  // What the tests are written in.

  /** What comes of it in the scheduler has happened when this returns. */
  private Requeue look() {
    try {
      return reconciler.reconcile(app);
    } finally {
      scheduler.instances();
    }
  }

  private void lookUntilDone(Deployment deployment) {
    await(
        () -> {
          look();
          return state(deployment) instanceof DeploymentState.Done;
        });
  }

  /** Looks need the test's own thread: a transaction belongs to one. */
  private static void await(Callable<Boolean> condition) {
    Awaitility.await()
        .pollInSameThread()
        .atMost(Duration.ofMinutes(1))
        .pollInterval(Duration.ofMillis(10))
        .until(condition);
  }

  /** Its turn has not come. */
  private Deployment deploy() {
    long build = built.build(app, "web").number();
    return deployments.request(app, new DeploymentRequest.Deploy(build), "admin");
  }

  private void serve() {
    lookUntilDone(deploy());
  }

  private Deployment scale(int web) {
    return requests.scale(app, Map.of("web", web), BuiltApps.ADMIN);
  }

  private Deployment now(Deployment deployment) {
    return deployments.get(app, deployment.id());
  }

  private DeploymentState state(Deployment deployment) {
    return now(deployment).state();
  }

  private List<InstanceName> running() {
    return scheduler.instances(app.value()).stream().map(each -> each.name()).sorted().toList();
  }

  private InstanceName web(long release, int slot) {
    return new InstanceName(app, ProcessType.WEB, release, slot, 0);
  }

  private List<String> backends() {
    return router().backends(app + ".apps.test");
  }

  private FakeRouter router() {
    return Objects.requireNonNull(given).router();
  }

  private String waitingFor(Deployment deployment) {
    return caller
        .admin()
        .get("/v1/apps/" + app + "/deployments/" + deployment.id())
        .then()
        .extract()
        .path("waitingFor");
  }
}
