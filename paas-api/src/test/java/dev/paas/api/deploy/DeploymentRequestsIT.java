package dev.paas.api.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.api.boot.TestPlatform;
import dev.paas.api.build.BuildId;
import dev.paas.api.config.ConfigChange;
import dev.paas.api.config.ConfigVars;
import dev.paas.api.formation.Formations;
import dev.paas.api.formation.KnownProcesses;
import dev.paas.api.formation.ProcessScale;
import dev.paas.api.release.Release;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.api.release.Releases;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What people ask of instances, and what comes of it in the commit that records it. Each test is
 * one commit that is undone: nobody carries out what it asks for.
 */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class DeploymentRequestsIT {

  private static final AtomicInteger APPS = new AtomicInteger();
  private static final ProcessType WORKER = new ProcessType("worker");

  @Inject BuiltApps built;
  @Inject Undone undone;
  @Inject DeploymentRequests requests;
  @Inject DeploymentStarter starter;
  @Inject Deployments deployments;
  @Inject Formations formations;
  @Inject Releases releases;
  @Inject ConfigVars config;
  @Inject KnownProcesses known;
  @Inject PlatformSettings settings;

  private AppName app;

  @BeforeEach
  void create() {
    app = built.create("asked" + APPS.incrementAndGet());
  }

  @Test
  void aRequestWithNothingBeforeItBeginsAtOnceAndTheNextOfItsLaneWaits() {
    undone(
        () -> {
          serve("web");
          Deployment first = scale("web", 3);
          Deployment second = scale("web", 2);
          assertThat(first.goal().orElseThrow().formation()).isEqualTo(formation("web", 3));
          assertThat(first.state()).isEqualTo(new DeploymentState.Starting());
          assertThat(second.goal()).isEmpty();

          Deployment restart = requests.restart(app, null, BuiltApps.ADMIN);
          assertThat(restart.goal()).as("of the other lane").isPresent();
        });
  }

  @Test
  void aScaleOfNothingIsRefusedAndOneBelowZero() {
    undone(
        () -> {
          serve("web");
          refused("scale.nothing", () -> requests.scale(app, Map.of(), BuiltApps.ADMIN));
          refused("scale.negative", () -> scale("web", -1));
          assertThat(scale("web", 0).goal().orElseThrow().instances()).isEmpty();
        });
  }

  @Test
  void anAppHasNoMoreInstancesThanTheSettingSaysAllTypesTogether() {
    int most = settings.deploy().maxInstances();
    undone(
        () -> {
          serve("web", "worker");
          refused("scale.too-many", () -> scale("worker", most + 1));
          refused("scale.too-many", () -> scale("worker", most));
          assertThat(scale("worker", most - 1).goal()).isPresent();
        });
  }

  @Test
  void whatAScaleAddsToAReleaseOnItsWayIsCountedToo() {
    int most = settings.deploy().maxInstances();
    undone(
        () -> {
          serve("web");
          // It comes with the one web instance and what nobody has scaled.
          Deployment coming = deploy("web", "worker");
          deployments.begin(
              coming, coming.goal().orElseThrow().scaled(new TreeMap<>(Map.of(WORKER, 1))));
          refused("scale.too-many", () -> scale("web", most));
          assertThat(scale("web", most - 1).goal()).isPresent();
        });
  }

  @Test
  void aScaleNamesProcessTypesOfWhatServes() {
    undone(
        () -> {
          serve("web");
          Problem unknown = refused("process.unknown", () -> scale("wbe", 2));
          assertThat(unknown.fix()).isEqualTo("Did you mean web?");
          deploy("web", "worker");
          Problem later = refused("process.unknown", () -> scale("worker", 2));
          assertThat(later.what()).startsWith("v1, which serves,");
        });
  }

  @Test
  void beforeTheFirstReleaseAScaleIsKeptForIt() {
    undone(
        () -> {
          refused("process.bad-name", () -> scale("Web", 2));
          assertThat(scale("web", 2).state()).isEqualTo(new DeploymentState.Done());
          assertThat(deploy("web").goal().orElseThrow().formation()).isEqualTo(formation("web", 2));
        });
  }

  @Test
  void aScaleDuringTheFirstBootIsWhatTheReleaseComesWith() {
    undone(
        () -> {
          Deployment first = deploy("web");
          assertThat(scale("web", 2).state()).isEqualTo(new DeploymentState.Done());
          Deployment now = deployments.get(app, first.id());
          assertThat(now.goal().orElseThrow().formation()).isEqualTo(formation("web", 2));
        });
  }

  @Test
  void aRestartIsOfWhatServesAndRaisesTheGenerationOfWhatItNames() {
    undone(
        () -> {
          refused("release.none", () -> requests.restart(app, null, BuiltApps.ADMIN));
          serve("web", "worker");
          refused("process.unknown", () -> requests.restart(app, "wbe", BuiltApps.ADMIN));

          Deployment one = requests.restart(app, "worker", BuiltApps.ADMIN);
          assertThat(one.goal().orElseThrow().scales())
              .isEqualTo(
                  Map.of(ProcessType.WEB, new ProcessScale(1, 0), WORKER, new ProcessScale(0, 1)));
          fail(one);

          // Instances of the restart that failed may still be there under their names.
          Deployment all = requests.restart(app, null, BuiltApps.ADMIN);
          assertThat(all.goal().orElseThrow().scales())
              .isEqualTo(
                  Map.of(ProcessType.WEB, new ProcessScale(1, 2), WORKER, new ProcessScale(0, 2)));
          assertThat(all.release()).as("a restart makes no release").hasValue(version(1));
        });
  }

  @Test
  void aRollbackRunsTheNewestReleaseBeforeThisOneThatHasServed() {
    undone(
        () -> {
          serve("web");
          refused("release.none-before", () -> rollback(null));
          refused("release.current", () -> rollback("v1"));
          refused("release.not-found", () -> rollback("v7"));
          fail(deploy("web"));
          serve("web");

          Deployment back = rollback(null);

          Release made = releases.get(app, version(4));
          assertThat(back.release()).hasValue(version(4));
          assertThat(made.image()).isEqualTo(BuiltApps.image(new BuildId(app, 1)));
          assertThat(made.description()).isEqualTo("Rollback to v1");
          assertThat(made.user()).isEqualTo("admin");
        });
  }

  @Test
  void aReleaseWhoseImageIsNotKeptCantBeRolledBackTo() {
    undone(
        () -> {
          for (int i = 0; i <= settings.deploy().releasesKept(); i++) {
            serve("web");
          }
          Problem gone = refused("release.image-gone", () -> rollback("v1"));
          assertThat(gone.fix()).contains("push its commit " + BuiltApps.commit(1).substring(0, 7));
          assertThat(rollback("v2").goal()).isPresent();
        });
  }

  @Test
  void releasesOfConfigVarsAloneTakeNoCodeOutOfReach() {
    undone(
        () -> {
          serve("web");
          serve("web");
          for (int i = 0; i <= settings.deploy().releasesKept(); i++) {
            int version = set("COLOUR", "colour " + i);
            Deployment change = requests.configure(app, version, BuiltApps.ADMIN).orElseThrow();
            formations.save(formations.of(app).with(change.goal().orElseThrow()));
            deployments.enter(change, new DeploymentState.Done());
          }
          assertThat(rollback("v1").goal()).isPresent();
        });
  }

  @Test
  void aRollbackBringsTheConfigVarsOfItsReleaseBack() {
    undone(
        () -> {
          set("COLOUR", "red");
          serve("web");
          set("COLOUR", "blue");
          serve("web");

          Deployment back = rollback("v1");
          assertThat(config.current(app).vars()).containsEntry("COLOUR", "blue");
          set("SIZE", "large");
          deployments.enter(back, new DeploymentState.Switching());

          assertThat(config.current(app).vars())
              .as("what was set meanwhile stays")
              .containsOnly(Map.entry("COLOUR", "red"), Map.entry("SIZE", "large"));
          int made = releases.get(app, version(3)).configVersion();
          assertThat(config.at(app, made).vars()).containsEntry("COLOUR", "red");
          assertThat(releases.get(app, version(2)).configVersion()).isNotEqualTo(made);
        });
  }

  @Test
  void aRollbackThatFailsLeavesTheConfigVarsAlone() {
    undone(
        () -> {
          set("COLOUR", "red");
          serve("web");
          set("COLOUR", "blue");
          serve("web");

          fail(rollback("v1"));

          assertThat(config.current(app).vars()).containsEntry("COLOUR", "blue");
        });
  }

  @Test
  void newConfigVarsComeWithAReleaseOfTheSameImageWhenSomethingServes() {
    undone(
        () -> {
          assertThat(requests.configure(app, set("COLOUR", "red"), BuiltApps.ADMIN)).isEmpty();
          serve("web");
          int blue = set("COLOUR", "blue");

          Deployment change = requests.configure(app, blue, BuiltApps.ADMIN).orElseThrow();

          assertThat(change.release()).hasValue(version(2));
          Release made = releases.get(app, version(2));
          assertThat(made.configVersion()).isEqualTo(blue);
          assertThat(made.image()).isEqualTo(releases.get(app, version(1)).image());
        });
  }

  @Test
  void configVarsThatAreSetDuringTheFirstBootFollowIt() {
    undone(
        () -> {
          Deployment first = deploy("web");
          int red = set("COLOUR", "red");

          Deployment change = requests.configure(app, red, BuiltApps.ADMIN).orElseThrow();
          assertThat(change.goal()).as("it waits").isEmpty();
          formations.save(formations.of(app).with(first.goal().orElseThrow()));
          deployments.enter(first, new DeploymentState.Done());
          starter.begin(change);

          assertThat(deployments.get(app, change.id()).release()).hasValue(version(2));
          assertThat(releases.get(app, version(1)).configVersion()).isZero();
          assertThat(releases.get(app, version(2)).configVersion()).isEqualTo(red);
        });
  }

  @Test
  void configVarsOfAFirstBootThatFailsWaitForTheNextPush() {
    undone(
        () -> {
          Deployment first = deploy("web");
          int red = set("COLOUR", "red");
          Deployment change = requests.configure(app, red, BuiltApps.ADMIN).orElseThrow();
          fail(first);
          starter.begin(change);

          Problem why = deployments.get(app, change.id()).state().problem().orElseThrow();
          assertThat(why.code()).isEqualTo("release.none");
          assertThat(releases.get(app, deploy("web").release().orElseThrow()).configVersion())
              .isEqualTo(red);
        });
  }

  @Test
  void aNameIsKnownOfWhatServesAndOfTheNewestRelease() {
    undone(
        () -> {
          known.require(app, "anything");
          serve("web");
          deploy("web", "worker");
          known.require(app, "worker");
          refused("process.unknown", () -> known.require(app, "clock"));
        });
  }

  // What the tests are written in.

  private void undone(Runnable test) {
    undone.commit(test);
    assertThat(deployments.open(app)).isEmpty();
  }

  private Deployment deploy(String... processes) {
    BuildId build = built.build(app, processes);
    Deployment asked =
        deployments.request(app, new DeploymentRequest.Deploy(build.number()), "admin");
    starter.begin(asked);
    return deployments.get(app, asked.id());
  }

  /** A release of a new build, which serves at once. */
  private void serve(String... processes) {
    Deployment begun = deploy(processes);
    formations.save(formations.of(app).with(begun.goal().orElseThrow()));
    deployments.enter(begun, new DeploymentState.Done());
  }

  private void fail(Deployment deployment) {
    deployments.enter(
        deployment,
        new DeploymentState.Failed(Problem.of(Kind.INTERNAL, "deploy.internal", "What", "Fix")));
  }

  private Deployment scale(String process, int quantity) {
    return requests.scale(app, Map.of(process, quantity), BuiltApps.ADMIN);
  }

  private Deployment rollback(@Nullable String to) {
    return requests.rollback(app, to, false, BuiltApps.ADMIN);
  }

  private int set(String name, String value) {
    return config
        .change(app, new ConfigChange(Map.of(name, value), Set.of()), BuiltApps.ADMIN)
        .version();
  }

  private Problem refused(String code, ThrowingCallable call) {
    List<Deployment> before = deployments.open(app);
    PaasException refused = catchThrowableOfType(PaasException.class, call);
    assertThat(refused).as(code).isNotNull();
    assertThat(refused.problem().code()).isEqualTo(code);
    assertThat(deployments.open(app)).isEqualTo(before);
    return refused.problem();
  }

  private static SortedMap<ProcessType, Integer> formation(String process, int quantity) {
    return new TreeMap<>(Map.of(new ProcessType(process), quantity));
  }

  private static ReleaseVersion version(long number) {
    return new ReleaseVersion(number);
  }
}
