package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** An app that takes all it can get: it meets its limits, and nobody else notices. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileAppFaultIT {
  /** runtime.log-kept, and what a flood may take of it: see docs/settings.md. */
  private static final long LOG_KEPT = 10L << 20;

  private static final int FLOOD_FACTOR = 17;

  /** runtime.pids. */
  private static final int PIDS = 512;

  private final Platform platform;
  private final GitApp hostile;
  private final GitApp neighbour;
  private final InstanceOnHost instance;

  HostileAppFaultIT(Platform platform) {
    this.platform = platform;
    this.hostile = GitApp.ofTests(platform, "misbehaving");
    this.neighbour = GitApp.probe(platform);
    this.instance = new InstanceOnHost(platform, hostile);
  }

  @BeforeAll
  void push() {
    neighbour.push().succeed();
    hostile.push().succeed();
  }

  @AfterAll
  void destroy() {
    hostile.close();
    neighbour.close();
  }

  @AfterEach
  void isClean() {
    Aftermath.isClean(platform);
  }

  /** F22 in docs/reliability.md. */
  @Test
  void appThatIgnoresSigtermIsKilledAtTheGraceAndItsLogSaysSo() {
    long pid = instance.pid();
    hostile.paas("restart").succeed();
    instance.until("another one runs", now -> now.path("pid").asLong() != pid);
    Awaitility.await("the old one is gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> !InstanceOnHost.alive(pid));
    Awaitility.await("the log says so")
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                hostile
                    .paas("logs", "-n", "1000")
                    .succeed()
                    .out()
                    .contains("instance.stop-timeout: web.1 did not end within 10 s"));
  }

  /** F23 in docs/reliability.md, an app. */
  @Test
  void appThatExceedsItsMemoryEndsAloneAndWithACode() {
    String other = neighbour.body("/boot");
    long pid = instance.pid();
    hostile.body("/eat");
    JsonNode after = instance.until("it is started again", now -> now.path("pid").asLong() != pid);
    assertThat(after.path("lastExit").path("reason").asText()).isEqualTo("oom-killed");
    assertThat(hostile.paas("logs", "-n", "1000").succeed().out())
        .contains("instance.oom-killed: web.1 OOM-killed (limit 512 MiB)");
    assertThat(neighbour.body("/boot")).isEqualTo(other);
  }

  /** F23 in docs/reliability.md, a step of a build. */
  @Test
  void buildStepThatExceedsItsMemoryEndsAloneAndWithACode() {
    String other = neighbour.body("/boot");
    String dockerfile =
        "FROM debian:bookworm-slim\nRUN perl -e '$all .= \"x\" x (64 << 20) while 1'\nCMD true\n";
    try (GitApp eater = GitApp.of(platform, "eater", Map.of("Dockerfile", dockerfile))) {
      assertThat(eater.push().fail().err())
          .contains("A step of the build was OOM-killed (limit 2GiB)")
          .contains("raise build.memory");
      assertThat(eater.paasJson("builds").toString()).contains("build.step-failed");
    }
    assertThat(neighbour.body("/boot")).isEqualTo(other);
  }

  /** F25 in docs/reliability.md, processes that multiply. */
  @Test
  void forkBombMeetsTheLimitOfItsInstanceAndEndsWithIt() {
    String other = neighbour.body("/boot");
    long pid = instance.pid();
    String uid = Command.of("ps", "-o", "uid=", "-p", Long.toString(pid)).succeed().out().trim();
    hostile.body("/forks");
    Awaitility.await("it multiplies")
        .atMost(Duration.ofSeconds(60))
        .until(() -> processesOf(uid) > PIDS / 2);
    assertThat(processesOf(uid)).isLessThanOrEqualTo(PIDS);
    assertThat(neighbour.body("/boot")).isEqualTo(other);
    hostile.paas("restart").succeed();
    instance.until("another one runs", now -> now.path("pid").asLong() != pid);
    Awaitility.await("all of the old one are gone")
        .atMost(Duration.ofSeconds(60))
        .until(() -> processesOf(uid) < 20);
    assertThat(neighbour.body("/boot")).isEqualTo(other);
  }

  private static long processesOf(String uid) {
    String all = Command.of("ps", "-eo", "uid=").succeed().out();
    return all.lines().filter(line -> line.trim().equals(uid)).count();
  }

  /** F25 in docs/reliability.md, processes that nobody waits for. */
  @Test
  void tenThousandOrphansAreReapedByTheFirstProcess() {
    String boot = hostile.body("/boot");
    // Each one that stays would count against the limit of processes.
    assertThat(inParts(20, "/zombies?n=500")).isEqualTo("0");
    assertThat(hostile.body("/boot")).isEqualTo(boot);
  }

  /** A part is answered within the patience of a client, on a busy machine too. */
  private String inParts(int parts, String path) {
    String last = "";
    for (int i = 0; i < parts; i++) {
      last = hostile.body(path);
      assertThat(last).isEqualTo("0");
    }
    return last;
  }

  /** F26 in docs/reliability.md. */
  @Test
  void floodOfOutputAndAnEndlessLineTakeBoundedSpaceAndMemory() throws IOException {
    long runtime = platform.pid("paas-runtimed");
    long control = platform.pid("paasd");
    assertThat(inParts(10, "/line?n=100")).isEqualTo("0");
    assertThat(inParts(10, "/flood?n=100")).isEqualTo("0");
    Awaitility.await("the last line is there")
        .atMost(Duration.ofSeconds(60))
        .until(() -> hostile.paas("logs", "-n", "5").succeed().out().contains("flooded"));
    assertThat(bytesOfLog()).isLessThan(FLOOD_FACTOR * LOG_KEPT);
    String all = hostile.paas("logs", "-n", "10000").succeed().out();
    assertThat(all).contains("logs.dropped: not kept: at least ").contains("flooded");
    assertThat(platform.pid("paas-runtimed")).isEqualTo(runtime);
    assertThat(platform.pid("paasd")).isEqualTo(control);
  }

  private long bytesOfLog() throws IOException {
    Path folder = platform.folder().resolve("data/runtime/logs").resolve(hostile.name());
    long bytes = 0;
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }
}
