package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Api;
import dev.paas.acceptance.platform.Api.Answer;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.FaultPlatform;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.Traffic;
import dev.paas.acceptance.platform.Volume;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The platform's disks are full, one after the other. */
@ExtendWith(FaultPlatform.class)
final class DiskFaultIT {
  private static final Duration RECOVERS_WITHIN = Duration.ofSeconds(60);

  /** Writes that a full database must survive: each may break something that the next one meets. */
  private static final int TRIES = 20;

  private final Platform platform;
  private final Api api;

  DiskFaultIT(Platform platform) {
    this.platform = platform;
    this.api = new Api(platform);
  }

  /** F4 in docs/reliability.md. */
  @Test
  void withAFullDatabaseDiskReadsWorkWritesSayWhatToDoAndAllRecoversByItself() {
    try (Volume disk = Volume.under(platform, "paasd", "db", 48);
        GitApp app = site()) {
      app.push().succeed();
      long pid = platform.pid("paasd");
      // When it is used for the first time is news, which a full disk can't keep.
      String unused = platform.paas("tokens:create", "unused").succeed().out().strip();
      try (Traffic traffic = new Traffic(platform, app.name(), "/")) {
        disk.fill();
        String name = platform.newAppName("full");
        for (int i = 0; i < TRIES; i++) {
          Answer write = api.post("/v1/apps", "{\"name\": \"" + name + "\"}");
          assertThat(write.status()).as(write.body()).isEqualTo(507);
          assertThat(write.json().path("code").asText()).isEqualTo("store.full");
          assertThat(write.json().path("fix").asText()).containsIgnoringCase("free");
          Answer read = api.get("/v1/apps");
          assertThat(read.status()).as(read.body()).isEqualTo(200);
          assertThat(read.body()).contains(app.name());
          assertThat(api.get("/v1/apps", unused).status()).isEqualTo(200);
        }
        app.change("index.html", "version 1", "version 2");
        assertThat(app.push().fail().err()).contains("full").containsIgnoringCase("free");
        traffic.flowsOn(20);
        disk.empty();
        Awaitility.await("the same write succeeds")
            .atMost(RECOVERS_WITHIN)
            .until(
                () -> api.post("/v1/apps", "{\"name\": \"" + name + "\"}").status(),
                status -> status == 201);
        platform.paas("destroy", "-a", name, "--confirm", name).succeed();
        app.push().succeed();
        traffic.flowsOn(20);
        assertThat(traffic.failures()).isEmpty();
      }
      assertThat(app.body("/")).contains("version 2");
      assertThat(platform.pid("paasd")).as("the pid of paasd").isEqualTo(pid);
    }
    Aftermath.isClean(platform);
  }

  /** F4 in docs/reliability.md. */
  @Test
  void aPushThatTheDatabaseDiskInterruptsIsAPause() {
    try (Volume disk = Volume.under(platform, "paasd", "db", 48);
        GitApp app = site()) {
      app.push().succeed();
      app.change("index.html", "version 1", "version 2");
      FaultPlatform.arm(platform, "build.started:delay:2000");
      try (Command.Running push = app.push().start();
          Traffic traffic = new Traffic(platform, app.name(), "/")) {
        awaitFault("the build is under way");
        disk.fill();
        FaultPlatform.arm(platform, "build.image-stored:delay:1");
        awaitFault("the build is done");
        FaultPlatform.arm(platform, "build.image-stored:delay:1");
        awaitFault("it is done again, because its end could not be recorded");
        assertThat(push.alive()).as("the push waits").isTrue();
        disk.empty();
        assertThat(push.await(RECOVERS_WITHIN.multipliedBy(2)).exit()).as("the push").isZero();
        traffic.flowsOn(20);
        assertThat(traffic.failures()).isEmpty();
      }
      assertThat(app.body("/")).contains("version 2");
    }
    Aftermath.isClean(platform);
  }

  /** F5 in docs/reliability.md. */
  @Test
  void aPushThatFillsTheDiskIsRefusedAndLeavesNothing() {
    try (Volume disk = Volume.under(platform, "paasd", "git", 24);
        GitApp app = site()) {
      app.push().succeed();
      String refs = app.git("ls-remote", "paas").succeed().out();
      long free = disk.free();
      random(app, "film.bin", 40);
      app.commit("Add a film that does not fit");
      assertThat(app.push().fail().err()).contains("full").containsIgnoringCase("free");
      assertThat(app.git("ls-remote", "paas").succeed().out()).as("refs").isEqualTo(refs);
      Awaitility.await("what arrived is gone")
          .atMost(RECOVERS_WITHIN)
          .until(() -> disk.free() > free - 100_000);
      app.git("reset", "-q", "--hard", "HEAD~1").succeed();
      app.change("index.html", "version 1", "version 2");
      app.push().succeed();
      assertThat(app.body("/")).contains("version 2");
    }
    Aftermath.isClean(platform);
  }

  /** F6 in docs/reliability.md. */
  @Test
  void aBuildThatFillsTheDiskFailsAndOtherAppsServeOnAlsoWithTheirLogsFull() {
    try (Volume disk = Volume.under(platform, "paas-runtimed", "runtime", 500);
        GitApp neighbour = GitApp.probe(platform);
        GitApp greedy = GitApp.of(platform, "greedy", Map.of("index.html", "version 1\n"))) {
      neighbour.push().succeed();
      greedy.push().succeed();
      try (Traffic traffic = new Traffic(platform, neighbour.name(), "/")) {
        greedy.write(
            "Dockerfile",
            "FROM debian:bookworm-slim\nRUN head -c 4G /dev/zero >/big\nCMD [\"true\"]\n");
        greedy.commit("Build something that does not fit");
        assertThat(greedy.push().fail().err()).contains("full").containsIgnoringCase("free");
        assertThat(greedy.paasJson("builds").get(0).path("problem").path("code").asText())
            .isEqualTo("disk.full");
        assertThat(greedy.body("/")).contains("version 1");
        disk.fill();
        for (int i = 0; i < TRIES; i++) {
          neighbour.body("/say?text=line" + i);
        }
        assertThat(traffic.failures()).isEmpty();
        disk.empty();
        greedy.git("reset", "-q", "--hard", "HEAD~1").succeed();
        greedy.change("index.html", "version 1", "version 2");
        greedy.push().succeed();
        assertThat(greedy.body("/")).contains("version 2");
        neighbour.body("/say?text=heard");
        Awaitility.await("logs are kept again")
            .atMost(RECOVERS_WITHIN)
            .until(() -> neighbour.paas("logs").succeed().out().contains("heard"));
        traffic.flowsOn(20);
        assertThat(traffic.failures()).isEmpty();
      }
    }
    Aftermath.isClean(platform);
  }

  private void awaitFault(String what) {
    Awaitility.await(what)
        .atMost(RECOVERS_WITHIN)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> FaultPlatform.fired(platform));
  }

  private GitApp site() {
    return GitApp.of(platform, "disk", Map.of("index.html", "version 1\n"));
  }

  private static void random(GitApp app, String file, int mebibytes) {
    Command.of(
            "bash",
            "-c",
            "head -c \"$1M\" /dev/urandom >\"$0\"",
            app.folder() + "/" + file,
            Integer.toString(mebibytes))
        .succeed();
  }
}
