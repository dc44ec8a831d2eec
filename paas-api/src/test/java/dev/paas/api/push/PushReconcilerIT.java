package dev.paas.api.push;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.api.boot.ByHand;
import dev.paas.api.build.BuildId;
import dev.paas.api.deploy.BuiltApps;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentState;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.rollout.DeploymentWork;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.repository.Repositories;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TreeFormatter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One look at a pending push after the other, taken by the test in the place of the queues. */
@QuarkusTest
@TestProfile(ByHand.class)
class PushReconcilerIT {

  private static final AtomicInteger APPS = new AtomicInteger();
  private static final String MAIN = "refs/heads/main";
  private static final PersonIdent WHO = new PersonIdent("t", "t@example.org");
  private static final Problem CAUSE =
      Problem.of(Kind.IMPOSSIBLE, "some.code", "What is wrong", "What to do");

  @Inject PushWork work;
  @Inject DeploymentWork deploymentWork;
  @Inject PushReconciler reconciler;
  @Inject Pushes pushes;
  @Inject Deployments deployments;
  @Inject Repositories repositories;
  @Inject Store store;
  @Inject BuiltApps built;

  private AppName app;
  private String before;
  private String pushed;

  @BeforeEach
  void takeTheQueuesPlace() throws IOException {
    work.close();
    deploymentWork.close();
    app = built.create("pushed-" + APPS.incrementAndGet());
    repositories.create(app);
    before = commit("Before");
    pushed = commit("Pushed");
    assertThat(repositories.moveBranch(app, MAIN, Push.NONE, before)).isTrue();
  }

  @Test
  void aPushWhoseBuildHasSucceededAsksForItsDeploymentOnce() throws IOException {
    BuildId push = pending(() -> built.build(app, "web"));
    reconciler.reconcile(app);
    reconciler.reconcile(app);
    assertThat(deployments.open(app))
        .singleElement()
        .satisfies(asked -> assertThat(asked.build()).hasValue(push.number()));
    assertThat(deployments.of(push)).isPresent();
    assertStillPending(push);
  }

  @Test
  void theBranchMovesWhenTheDeploymentServes() throws IOException {
    BuildId push = pending(() -> built.build(app, "web"));
    Deployment deployment = deployed(push);
    deployments.enter(deployment, new DeploymentState.Switching());
    reconciler.reconcile(app);
    assertStillPending(push);

    deployments.enter(deployment, new DeploymentState.Draining());
    reconciler.reconcile(app);

    assertThat(state(push)).isEqualTo(new PushState.Deployed());
    assertThat(repositories.read(app, MAIN)).hasValue(pushed);
    assertThat(repositories.read(app, ref(push))).isEmpty();
    assertThat(reconciler.end(app, new IllegalStateException("a bug"))).as("it is over").isFalse();
  }

  @Test
  void aBranchThatACrashLeftMovedCountsAsTheSame() throws IOException {
    BuildId push = pending(() -> built.build(app, "web"));
    deployments.enter(deployed(push), new DeploymentState.Draining());
    assertThat(repositories.moveBranch(app, MAIN, before, pushed)).isTrue();
    reconciler.reconcile(app);
    assertThat(state(push)).isEqualTo(new PushState.Deployed());
  }

  @Test
  void aBranchThatSomebodyElseHasMovedStaysAndThePushIsDeclined() throws IOException {
    BuildId push = pending(() -> built.build(app, "web"));
    deployments.enter(deployed(push), new DeploymentState.Draining());
    String other = commit("Other");
    assertThat(repositories.moveBranch(app, MAIN, before, other)).isTrue();
    reconciler.reconcile(app);
    assertThat(code(push)).isEqualTo("push.stale");
    assertThat(repositories.read(app, MAIN)).hasValue(other);
    assertThat(repositories.read(app, ref(push))).isEmpty();
  }

  @Test
  void aPushEndsWithWhatItsBuildFailedOf() throws IOException {
    BuildId push = pending(() -> built.failed(app, CAUSE));
    reconciler.reconcile(app);
    assertThat(state(push)).isEqualTo(new PushState.Declined(CAUSE));
    assertThat(repositories.read(app, MAIN)).hasValue(before);
    assertThat(repositories.read(app, ref(push))).isEmpty();
    assertThat(deployments.open(app)).isEmpty();
  }

  @Test
  void aPushEndsWithWhatItsDeploymentFailedOfOnceThatIsOver() throws IOException {
    BuildId push = pending(() -> built.build(app, "web"));
    Deployment deployment = deployed(push);
    deployments.enter(deployment, new DeploymentState.Failing(CAUSE));
    reconciler.reconcile(app);
    assertStillPending(push);

    deployments.enter(deployment, new DeploymentState.Failed(CAUSE));
    reconciler.reconcile(app);
    assertThat(state(push)).isEqualTo(new PushState.Declined(CAUSE));
    assertThat(repositories.read(app, MAIN)).hasValue(before);
  }

  @Test
  void aPushWhoseStepAlwaysFailsEndsAndOneThatKillsTheControlPlane() throws IOException {
    BuildId first = pending(() -> built.build(app, "web"));
    assertThat(reconciler.end(app, new IllegalStateException("a bug"))).isTrue();
    assertThat(code(first)).isEqualTo("push.internal");
    assertThat(repositories.read(app, ref(first))).isEmpty();

    BuildId second = pending(() -> built.build(app, "web"));
    reconciler.poisoned(pushes.find(second).orElseThrow());
    assertThat(code(second)).isEqualTo("push.poisoned");
    assertThat(repositories.read(app, MAIN)).hasValue(before);
  }

  // What the tests are written in.

  /** A push of this build, whose commit its ref keeps. */
  private BuildId pending(Supplier<BuildId> build) throws IOException {
    BuildId id =
        store.commit(
            () -> {
              BuildId made = build.get();
              PushRow row = new PushRow();
              row.app = app.value();
              row.number = made.number();
              row.user = "admin";
              row.branch = MAIN;
              row.oldCommit = before;
              row.commit = pushed;
              row.enter(new PushState.Pending());
              row.createdAt = Instant.EPOCH;
              row.persist();
              return made;
            });
    repositories.createPushRef(app, id.number(), pushed);
    return id;
  }

  private Deployment deployed(BuildId push) throws IOException {
    reconciler.reconcile(app);
    return deployments.of(push).orElseThrow();
  }

  private PushState state(BuildId push) {
    return pushes.find(push).orElseThrow().state();
  }

  private String code(BuildId push) {
    return state(push).why().map(Problem::code).orElse("none");
  }

  private void assertStillPending(BuildId push) throws IOException {
    assertThat(state(push)).isEqualTo(new PushState.Pending());
    assertThat(repositories.read(app, MAIN)).hasValue(before);
    assertThat(repositories.read(app, ref(push))).hasValue(pushed);
  }

  private static String ref(BuildId push) {
    return Repositories.PUSHES + push.number();
  }

  private String commit(String message) throws IOException {
    try (Repository repository = repositories.open(app);
        ObjectInserter inserter = repository.newObjectInserter()) {
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(inserter.insert(new TreeFormatter()));
      commit.setAuthor(WHO);
      commit.setCommitter(WHO);
      commit.setMessage(message);
      String id = inserter.insert(commit).name();
      inserter.flush();
      return id;
    }
  }
}
