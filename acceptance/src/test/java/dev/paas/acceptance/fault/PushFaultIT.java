package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.FaultPlatform;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pushers that vanish, pushers that race, versions that never serve. */
@ExtendWith(FaultPlatform.class)
final class PushFaultIT {
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  /** Bytes that reach the server before the line goes dead; the pack is ten times as long. */
  private static final int CUT_AT = 400_000;

  private final Platform platform;

  PushFaultIT(Platform platform) {
    this.platform = platform;
  }

  /** F17 in docs/reliability.md. */
  @Test
  void aClientThatVanishesInItsPackLeavesNothing() {
    try (GitApp app = site()) {
      app.push().succeed();
      Map<String, Long> files = objects(app);
      String refs = app.git("ls-remote", "paas").succeed().out();
      Command.of("bash", "-c", "head -c 4000000 /dev/urandom >\"$0\"", app.folder() + "/film.bin")
          .succeed();
      app.commit("Add a film");
      app.write(
          ".git/stalling-ssh",
          "(head -c "
              + CUT_AT
              + "; exec sleep 1000) | exec "
              + platform.variable("GIT_SSH_COMMAND")
              + " \"$@\"\n");
      Command push =
          app.push()
              .with(
                  Map.of(
                      "GIT_SSH_COMMAND",
                      "sh " + app.folder().resolve(".git/stalling-ssh"),
                      "GIT_SSH_VARIANT",
                      "ssh"));
      try (Command.Running stalled = push.start()) {
        await(
            "a part of the pack has arrived",
            () ->
                objects(app).entrySet().stream()
                    .anyMatch(file -> !files.containsKey(file.getKey()) && file.getValue() > 0));
        stalled.kill();
      }
      await("what arrived is gone", () -> objects(app).equals(files));
      assertThat(app.git("ls-remote", "paas").succeed().out()).as("refs").isEqualTo(refs);
      assertThat(app.body("/")).contains("version 1");
      app.push().succeed();
      assertThat(app.body("/film.bin")).as("the same commit, pushed again").isNotEmpty();
    }
    Aftermath.isClean(platform);
  }

  /** F17 in docs/reliability.md. */
  @Test
  void aClientThatVanishesInTheBuildDoesNotStopTheDeploy() {
    try (GitApp app = site()) {
      app.push().succeed();
      app.change("index.html", "version 1", "version 2");
      FaultPlatform.arm(platform, "build.image-stored:delay:1000");
      try (Command.Running push = app.push().start()) {
        await("the build is under way", () -> FaultPlatform.fired(platform));
        push.kill();
      }
      await("the new version serves", () -> app.body("/").contains("version 2"));
      await("the branch has moved", () -> branch(app).startsWith(commit(app, "HEAD")));
    }
    Aftermath.isClean(platform);
  }

  /** F18 in docs/reliability.md. */
  @Test
  void aPushThatHasBegunIsNotSupersededByTheNext() {
    try (GitApp app = site()) {
      app.push().succeed();
      branchOff(app, "ann");
      branchOff(app, "bob");
      FaultPlatform.arm(platform, "push.accepted:delay:1500");
      try (Command.Running ann = app.git("push", "paas", "ann:main").start()) {
        await("the push has begun", () -> FaultPlatform.fired(platform));
        assertThat(app.git("push", "paas", "bob:main").run().err())
            .as("the branch has moved, before or after the client has looked")
            .containsAnyOf("(push.stale)", "non-fast-forward");
        assertThat(ann.await(SETTLED_WITHIN).exit()).as("exit code of the first push").isZero();
      }
      assertThat(app.body("/")).isEqualTo("ann\n");
    }
    Aftermath.isClean(platform);
  }

  /** F18 in docs/reliability.md. */
  @Test
  void ofTwoPushesThatRaceOneDeploysAndTheOtherIsToldThatTheBranchMoved() {
    try (GitApp app = site()) {
      app.push().succeed();
      branchOff(app, "ann");
      branchOff(app, "bob");
      FaultPlatform.arm(platform, "push.accepted:delay:1500");
      try (Command.Running ann = app.git("push", "paas", "ann:main").start();
          Command.Running bob = app.git("push", "paas", "bob:main").start()) {
        Command.Outcome annsEnd = ann.await(SETTLED_WITHIN);
        Command.Outcome bobsEnd = bob.await(SETTLED_WITHIN);
        assertThat(List.of(annsEnd.exit() == 0, bobsEnd.exit() == 0))
            .as("%s\n%s", annsEnd, bobsEnd)
            .containsExactlyInAnyOrder(true, false);
        boolean annWon = annsEnd.exit() == 0;
        assertThat((annWon ? bobsEnd : annsEnd).err())
            .as("the branch moved under it, or the other came before it was begun")
            .containsAnyOf("(push.stale)", "(push.superseded)");
        String winner = annWon ? "ann" : "bob";
        assertThat(app.body("/")).isEqualTo(winner + "\n");
        assertThat(branch(app)).startsWith(commit(app, winner));
      }
      assertThat(app.paasJson("releases")).hasSize(2);
    }
    Aftermath.isClean(platform);
  }

  /** F18 in docs/reliability.md. */
  @Test
  void aPushOnTopOfOneThatIsBeingDeployedWaitsForItAndServesInTheEnd() {
    try (GitApp app = site()) {
      app.push().succeed();
      FaultPlatform.arm(platform, "build.started:delay:1500");
      app.change("index.html", "version 1", "version 2");
      try (Command.Running first = app.push().start()) {
        await("the first is being built", () -> FaultPlatform.fired(platform));
        app.change("index.html", "version 2", "version 3");
        String second = app.push().succeed().err();
        assertThat(second).contains("Waiting for the push of");
        assertThat(first.await(SETTLED_WITHIN).exit()).as("the first push").isZero();
      }
      assertThat(app.body("/")).contains("version 3");
      assertThat(app.paasJson("releases")).hasSize(3);
    }
    Aftermath.isClean(platform);
  }

  /** Two builds run at once; with the runtime stopped, they do so until it goes on. */
  @Test
  void aBuildBeyondThoseThatMayRunAtOnceSaysThatItWaitsAndIsBuiltAfterThem() {
    String runtime = Long.toString(platform.pid("paas-runtimed"));
    try (GitApp ann = site();
        GitApp bob = site();
        GitApp eve = site()) {
      Command.of("kill", "-STOP", runtime).succeed();
      try (Command.Running first = building(ann);
          Command.Running second = building(bob);
          Command.Running third = eve.push().start()) {
        await("the third waits", () -> third.errors().contains("Waiting for its turn"));
        assertThat(third.errors()).doesNotContain("Building " + eve.name());
        Command.of("kill", "-CONT", runtime).succeed();
        for (Command.Running push : List.of(first, second, third)) {
          Command.Outcome end = push.await(SETTLED_WITHIN);
          assertThat(end.exit()).as("%s", end).isZero();
        }
      } finally {
        Command.of("kill", "-CONT", runtime).run();
      }
      assertThat(eve.body("/")).contains("version 1");
    }
    Aftermath.isClean(platform);
  }

  private Command.Running building(GitApp app) {
    Command.Running push = app.push().start();
    await("a build is under way", () -> push.errors().contains("Building " + app.name()));
    return push;
  }

  /** F20 in docs/reliability.md. */
  @Test
  void aVersionThatNeverListensFailsWithItsLastWordsAndPortsAndTheOldOneServesOn() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      app.write(
          "server.js",
          """
          console.log('waiting for the database');
          require('node:http').createServer((q, a) => a.end('never')).listen(3000);
          """);
      app.commit("Listen on 3000");
      try (Traffic traffic = new Traffic(platform, app.name(), "/")) {
        assertThat(app.push().fail().err())
            .contains("pre-receive hook declined")
            .contains("waiting for the database")
            .contains("3000")
            .contains("5000");
        traffic.flowsOn(20);
        assertThat(traffic.failures()).isEmpty();
        assertThat(traffic.answers()).containsExactly("version 1");
      }
      assertThat(app.pids()).as("the running instances").isEqualTo(before);
      assertThat(app.paasJson("ps").path("release").asText()).isEqualTo("v1");
      assertThat(branch(app)).as("the branch").startsWith(commit(app, "HEAD~1"));
    }
    Aftermath.isClean(platform);
  }

  private GitApp site() {
    return GitApp.of(platform, "site", Map.of("index.html", "version 1\n"));
  }

  private static void branchOff(GitApp app, String name) {
    app.git("checkout", "-q", "-b", name, "main").succeed();
    app.write("index.html", name + "\n");
    app.commit("The version of " + name);
  }

  private static String commit(GitApp app, String revision) {
    return app.git("rev-parse", revision).succeed().out().strip();
  }

  private static String branch(GitApp app) {
    return app.git("ls-remote", "paas", "refs/heads/main").succeed().out();
  }

  /** The files of the platform's object store of an app and of its pushes, with their sizes. */
  private Map<String, Long> objects(GitApp app) {
    Path folder = platform.folder().resolve("data/git");
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString();
        if (name.startsWith(app.name() + ".git/objects/")
            || name.startsWith(".arriving/" + app.name() + ".")) {
          files.put(name, Files.size(file));
        }
      }
    } catch (IOException | UncheckedIOException changing) {
      throw new AssertionError("files came and went", changing);
    }
    return files;
  }

  private static void await(String what, Callable<Boolean> condition) {
    Awaitility.await(what)
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(condition);
  }
}
