package dev.paas.api.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.api.access.Subject;
import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.config.ConfigChange;
import dev.paas.api.config.ConfigVars;
import dev.paas.api.formation.Formations;
import dev.paas.api.identity.User;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.release.NewReleases;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Database;
import dev.paas.api.store.SecondStore;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.Problem;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.TransactionManager;
import java.time.Clock;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a request means when its turn has come. Most tests are one commit that is undone. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class DeploymentStarterIT {

  private static final AtomicInteger APPS = new AtomicInteger();

  @Inject Caller caller;
  @Inject BuiltApps built;
  @Inject Undone undone;
  @Inject Apps apps;
  @Inject DeploymentStarter starter;
  @Inject Deployments deployments;
  @Inject Formations formations;
  @Inject Releases releases;
  @Inject NewReleases newReleases;
  @Inject WantedInstances instances;
  @Inject ConfigVars config;
  @Inject Store store;
  @Inject AgroalDataSource source;
  @Inject TransactionManager transactions;
  @Inject Database database;
  @Inject Clock clock;
  @Inject Event<DeploymentsChanged> changed;
  @Inject Event<DeploymentMoved> moved;

  private AppName app;

  @BeforeEach
  void create() {
    app = built.create("started" + APPS.incrementAndGet());
  }

  @Test
  void aBuildBecomesAReleaseWithTheConfigVarsOfItsTurn() {
    undone(
        () -> {
          Deployment asked = askForDeploy("web", "worker");
          int red =
              config
                  .change(app, new ConfigChange(Map.of("COLOUR", "red"), Set.of()), BuiltApps.ADMIN)
                  .version();

          starter.begin(asked);

          Deployment begun = now(asked);
          assertThat(begun.goal().orElseThrow().formation())
              .isEqualTo(Map.of(ProcessType.WEB, 1, new ProcessType("worker"), 0));
          assertThat(releases.list(app))
              .singleElement()
              .satisfies(
                  made -> {
                    assertThat(made.version()).isEqualTo(new ReleaseVersion(1));
                    assertThat(made.configVersion()).isEqualTo(red);
                    assertThat(made.description()).isEqualTo("Deploy 0000000");
                    assertThat(made.user()).isEqualTo("admin");
                  });
        });
  }

  @Test
  void onlyTheNextOfItsLaneBegins() {
    undone(
        () -> {
          Deployment first = askForDeploy("web");
          Deployment second = askForDeploy("web");
          starter.begin(second);
          assertThat(now(second).goal()).isEmpty();
          starter.begin(first);
          starter.begin(second);
          assertThat(now(first).goal()).isPresent();
          assertThat(now(second).goal()).as("the first is in progress").isEmpty();
          deployments.enter(first, new DeploymentState.Draining());
          starter.begin(second);
          assertThat(now(second).release()).hasValue(new ReleaseVersion(2));
        });
  }

  @Test
  void whatHasBegunIsNotBegunAgain() {
    undone(
        () -> {
          Deployment asked = askForDeploy("web");
          starter.begin(asked);
          starter.begin(asked);
          assertThat(releases.list(app)).hasSize(1);
        });
  }

  @Test
  void whatTheQuotaRefusesFailsAndIsNoRelease() {
    caller.user("started-poor");
    caller
        .admin()
        .body(Map.of("instances", "0"))
        .put("/v1/quota?user=started-poor")
        .then()
        .statusCode(200);
    AppName poor =
        apps.create(
                Subject.unlimited(new User("started-poor", false)),
                Actor.PLATFORM,
                new AppName("started-poor"))
            .name();
    app = poor;
    undone(
        () -> {
          Deployment asked = askForDeploy("web");
          starter.begin(asked);
          assertThat(now(asked).state().problem().map(Problem::code)).hasValue("quota.instances");
          assertThat(now(asked).state().finished()).isTrue();
          assertThat(releases.list(poor)).isEmpty();

          Deployment next = askForDeploy("worker");
          starter.begin(next);
          assertThat(now(next).goal()).as("it has no instances, and its turn came").isPresent();
        });
  }

  @Test
  void theReleaseComesWithAScaleOnceThatServes() {
    undone(
        () -> {
          Deployment first = askForDeploy("web");
          starter.begin(first);
          formations.save(formations.of(app).with(now(first).goal().orElseThrow()));
          deployments.enter(first, new DeploymentState.Done());
          Deployment scale =
              deployments.request(
                  app, new DeploymentRequest.Scale(new TreeMap<>(Map.of("web", 3))), "admin");
          starter.begin(scale);
          assertThat(deployments.withScale(app, formations.of(app).quantities())).isEqualTo(web(3));

          Deployment release = askForDeploy("web");
          starter.begin(release);
          assertThat(now(release).goal().orElseThrow().formation())
              .as("the scale may fail yet")
              .isEqualTo(web(1));
          deployments.switched(now(scale));
          assertThat(now(release).goal().orElseThrow().formation()).isEqualTo(web(3));
        });
  }

  @Test
  void aScaleGoesOnFromTheReleaseThatServesNowAlsoOneThatFails() {
    undone(
        () -> {
          Deployment first = askForDeploy("web");
          starter.begin(first);
          formations.save(formations.of(app).with(now(first).goal().orElseThrow()));
          deployments.enter(first, new DeploymentState.Done());
          Deployment scale =
              deployments.request(
                  app, new DeploymentRequest.Scale(new TreeMap<>(Map.of("web", 3))), "admin");
          starter.begin(scale);
          Deployment release = askForDeploy("web");
          starter.begin(release);
          deployments.enter(
              now(scale),
              new DeploymentState.Failing(
                  Problem.of(Problem.Kind.INTERNAL, "deploy.internal", "What", "Fix")));

          deployments.switched(now(release));

          assertThat(now(scale).release()).hasValue(new ReleaseVersion(2));
          assertThat(now(scale).goal().orElseThrow().formation()).isEqualTo(web(3));
          assertThat(now(scale).state()).isInstanceOf(DeploymentState.Failing.class);
        });
  }

  @Test
  void whatNeedsAReleaseFailsWithoutOne() {
    undone(
        () -> {
          Deployment restart =
              deployments.request(app, new DeploymentRequest.Restart(null), "admin");
          starter.begin(restart);
          assertThat(now(restart).state().problem().map(Problem::code)).hasValue("release.none");
        });
  }

  @Test
  void aBugLeavesTheRequestAsItWas() {
    Deployment asked =
        store.commit(
            () -> {
              Deployment of = deployments.request(app, new DeploymentRequest.Deploy(99), "admin");
              assertThatThrownBy(() -> starter.begin(of))
                  .isInstanceOf(NoSuchElementException.class);
              Deployment after = now(of);
              // Else the platform tries again and again.
              deployments.delete(app);
              return after;
            });
    assertThat(asked.state()).isEqualTo(new DeploymentState.Starting());
    assertThat(asked.goal()).isEmpty();
  }

  /** Two processes: what a request is decided by is read when the other has committed. */
  @Test
  void aRequestIsDecidedOnceTheAppIsHeld() throws Exception {
    Store second = SecondStore.of(source, transactions, database);
    Deployments theirs = new Deployments(second, apps, new Attempts(second), clock, changed, moved);
    DeploymentStarter other =
        new DeploymentStarter(
            second, new Formations(second), theirs, releases, newReleases, instances);
    AtomicReference<SortedMap<ProcessType, Integer>> seen = new AtomicReference<>();

    CompletableFuture<Deployment> later =
        SecondStore.duringCommitOf(
            store,
            () -> {
              deployments.hold(app);
              formations.save(formations.of(app).with(web(5)));
            },
            () ->
                other.ask(
                    app,
                    () -> {
                      seen.set(formations.of(app).quantities());
                      return new DeploymentRequest.Scale(new TreeMap<>(Map.of("web", 2)));
                    },
                    BuiltApps.ADMIN));

    assertThat(later.get(1, TimeUnit.MINUTES).state()).isEqualTo(new DeploymentState.Done());
    assertThat(seen.get()).isEqualTo(web(5));
    assertThat(formations.of(app).quantities()).isEqualTo(web(2));
  }

  // What the tests are written in.

  private void undone(Runnable test) {
    undone.commit(test);
    assertThat(deployments.open(app)).isEmpty();
  }

  private Deployment askForDeploy(String... processes) {
    long build = built.build(app, processes).number();
    return deployments.request(app, new DeploymentRequest.Deploy(build), "admin");
  }

  private Deployment now(Deployment deployment) {
    return deployments.get(app, deployment.id());
  }

  private static SortedMap<ProcessType, Integer> web(int quantity) {
    return new TreeMap<>(Map.of(ProcessType.WEB, quantity));
  }
}
