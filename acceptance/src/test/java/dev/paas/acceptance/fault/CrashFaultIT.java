package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.FaultPlatform;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.Traffic;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The control plane dies or stumbles in the middle of a push, while requests flow. */
@ExtendWith(FaultPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CrashFaultIT {
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  private final Platform platform;
  private GitApp app;
  private int version;

  CrashFaultIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.of(platform, "crash", Map.of("index.html", page(0)));
  }

  @BeforeAll
  void deploy() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
    Aftermath.isClean(platform);
  }

  /** F15 in docs/reliability.md. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "push.accepted",
        "build.started",
        "build.image-stored",
        "release.committed",
        "run.created",
        "run.started",
        "run.healthy",
        "route.published",
        "run.old-stopped",
        "push.refs-moved"
      })
  void aCrashAfterThePushWasAcceptedIsAPause(String point) {
    String before = page(version);
    String after = nextVersion();
    int releases = app.paasJson("releases").size();
    try (Traffic traffic = new Traffic(platform, app.name(), "/")) {
      crashAt(point);
      await("the new version serves", () -> app.body("/").equals(after));
      await("the branch has moved", this::branchIsAtHead);
      traffic.flowsOn(20);
      assertThat(traffic.failures()).isEmpty();
      assertThat(traffic.answers()).isSubsetOf(before, after);
    }
    assertThat(app.paasJson("releases")).as("releases").hasSize(releases + 1);
    await("the old instance is gone", () -> app.paasJson("ps").path("instances").size() == 1);
    assertThat(app.push().succeed().err()).contains("Everything up-to-date");
  }

  /** F15 in docs/reliability.md. */
  @Test
  void aCrashBeforeThePushWasAcceptedLeavesTheOldVersionAndTheNextPushDeploys() {
    String before = page(version);
    String after = nextVersion();
    try (Traffic traffic = new Traffic(platform, app.name(), "/")) {
      crashAt("push.pack-stored");
      platform.awaitReady();
      assertThat(branchIsAtHead()).as("the branch has moved").isFalse();
      traffic.flowsOn(20);
      assertThat(traffic.answers()).containsExactly(before);
      app.push().succeed();
      traffic.flowsOn(20);
      assertThat(traffic.failures()).isEmpty();
    }
    assertThat(app.body("/")).isEqualTo(after);
  }

  /** F16 in docs/reliability.md. */
  @Test
  void aCrashWhenTheBranchHasMovedSettlesAndTheClientsNextPushIsTaken() {
    nextVersion();
    crashAt("push.refs-moved");
    platform.awaitReady();
    assertThat(branchIsAtHead()).as("the branch had moved").isTrue();
    await(
        "the build and its deployment have ended",
        () ->
            app.paasJson("builds").get(0).path("state").asText().equals("succeeded")
                && app.paasJson("releases").get(0).path("current").asBoolean());
    String next = nextVersion();
    String said = app.push().succeed().err();
    assertThat(said).as("nothing is waited for").doesNotContain("Waiting for the push");
    assertThat(app.body("/")).isEqualTo(next);
  }

  /** F15 in docs/reliability.md: steps that fail, without a crash. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "build.started",
        "build.image-stored",
        "release.committed",
        "run.created",
        "run.started",
        "run.healthy",
        "route.published",
        "run.old-stopped",
        "push.refs-moved"
      })
  void aStepThatFailsOnceIsTriedAgainAndThePusherIsToldTheEnd(String point) {
    String after = nextVersion();
    FaultPlatform.arm(platform, point + ":throw");
    app.push().succeed();
    assertThat(FaultPlatform.fired(platform)).as("the fault has happened").isTrue();
    assertThat(app.body("/")).isEqualTo(after);
  }

  /** Pushes and ends when the control plane has crashed there and its client was cut off. */
  private void crashAt(String point) {
    long pid = platform.pid("paasd");
    FaultPlatform.arm(platform, point + ":crash");
    try (Command.Running push = app.push().start()) {
      await("paasd has crashed", () -> FaultPlatform.fired(platform));
      await("it is started again", () -> platform.pid("paasd") != pid);
      Command.Outcome told = push.await(SETTLED_WITHIN);
      // The new version serves when the old one is stopped: the client may know that already.
      if (!point.equals("run.old-stopped")) {
        assertThat(told.exit()).as("what the client of a crashed server is told").isNotZero();
      }
    }
  }

  private boolean branchIsAtHead() {
    String head = app.git("rev-parse", "HEAD").succeed().out().strip();
    return app.git("ls-remote", "paas", "refs/heads/main").run().out().startsWith(head);
  }

  private String nextVersion() {
    version++;
    app.write("index.html", page(version));
    app.commit("Version " + version);
    return page(version);
  }

  private static String page(int version) {
    return "version " + version + "\n";
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(condition);
  }
}
