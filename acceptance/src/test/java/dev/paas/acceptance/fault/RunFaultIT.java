package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import dev.paas.acceptance.platform.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What happens to instances when daemons, monitors, files and links are taken from them. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RunFaultIT {
  /** With the probe, as many as F11 asks for; each has an instance of its own. */
  private static final int APPS = 19;

  private final Platform platform;
  private final GitApp app;
  private final InstanceOnHost instance;

  RunFaultIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.probe(platform);
    this.instance = new InstanceOnHost(platform, app);
  }

  @BeforeAll
  void push() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
  }

  @AfterEach
  void isClean() {
    Aftermath.isClean(platform);
  }

  /** F11 in docs/reliability.md, with nineteen apps beside the probe. */
  @Test
  void killedControlPlaneCostsNoRequestOfAnyAppAndNoPid() {
    List<GitApp> apps = new ArrayList<>();
    List<Traffic> traffic = new ArrayList<>();
    try {
      for (int i = 0; i < APPS; i++) {
        GitApp site = GitApp.of(platform, "site", Map.of("index.html", "<p>site " + i + "</p>\n"));
        apps.add(site);
        site.push().succeed();
      }
      apps.add(app);
      Map<String, Map<String, Long>> before = new HashMap<>();
      apps.forEach(each -> before.put(each.name(), each.pids()));
      apps.forEach(each -> traffic.add(new Traffic(platform, each.name(), "/")));
      platform.kill("paasd");
      traffic.forEach(each -> each.flowsOn(50));
      platform.awaitReady();
      traffic.forEach(each -> each.flowsOn(50));
      traffic.forEach(each -> assertThat(each.failures()).isEmpty());
      for (GitApp each : apps) {
        Awaitility.await("the instances are known again")
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptionsInstanceOf(AssertionError.class)
            .untilAsserted(() -> assertThat(each.pids()).isEqualTo(before.get(each.name())));
      }
    } finally {
      traffic.forEach(Traffic::close);
      apps.remove(app);
      apps.forEach(GitApp::close);
    }
  }

  /** F13 in docs/reliability.md. */
  @Test
  void killedMonitorLeavesOneInstanceAndAnEndThatIsUnknown() {
    long pid = instance.pid();
    int restarts = instance.restarts();
    String boot = app.body("/boot");
    String container = instance.container();
    InstanceOnHost.kill(instance.monitor());
    Awaitility.await("doctor says so")
        .atMost(Duration.ofSeconds(30))
        .until(() -> platform.paas("doctor").run().out().contains(container));
    assertThat(app.body("/boot")).as("it serves on").isEqualTo(boot);
    assertThat(instance.pid()).isEqualTo(pid);
    InstanceOnHost.kill(pid);
    JsonNode after = instance.until("it is replaced", now -> now.path("pid").asLong() != pid);
    assertThat(after.path("restarts").asInt()).isEqualTo(restarts + 1);
    assertThat(after.path("lastExit").path("reason").asText()).isEqualTo("unknown");
    assertThat(app.paasJson("ps").path("instances")).hasSize(1);
    assertThat(app.body("/boot")).isNotEqualTo(boot);
  }

  /** F14 in docs/reliability.md. */
  @Test
  void exitWhileTheDaemonsAreDownIsKnownAndAnsweredByOneStart() {
    long pid = instance.pid();
    int restarts = instance.restarts();
    platform.stop("paas-runtimed");
    platform.stop("paasd");
    try {
      assertThat(app.body("/exit?code=7")).isEqualTo("bye");
      Awaitility.await("it ends").until(() -> !InstanceOnHost.alive(pid));
    } finally {
      platform.start("paas-runtimed");
      platform.start("paasd");
      platform.awaitReady();
    }
    JsonNode after = instance.until("it is started again", now -> now.path("pid").asLong() != pid);
    assertThat(after.path("lastExit").path("code").asInt()).isEqualTo(7);
    assertThat(after.path("lastExit").path("reason").asText()).isEqualTo("exited");
    assertThat(after.path("restarts").asInt()).isEqualTo(restarts + 1);
  }

  /** F21 in docs/reliability.md. */
  @Test
  void eachEndOfACrashLoopIsFollowedByALongerPauseAndOthersServeOn() {
    String server =
        """
        const http = require('node:http');
        http.createServer((q, a) => a.end('brief')).listen(process.env.PORT);
        setTimeout(() => process.exit(9), 2500);
        """;
    Map<String, String> files =
        Map.of("server.js", server, "package.json", "{\"scripts\":{\"start\":\"node server.js\"}}");
    String boot = app.body("/boot");
    try (GitApp brief = GitApp.of(platform, "brief", files)) {
      brief.push().succeed();
      InstanceOnHost looping = new InstanceOnHost(platform, brief);
      for (int restarts = 1; restarts <= 3; restarts++) {
        int number = restarts;
        JsonNode now = looping.until("start " + number, i -> i.path("restarts").asInt() == number);
        Instant ended = Instant.parse(now.path("lastExit").path("at").asText());
        Instant started = Instant.parse(now.path("startedAt").asText());
        assertThat(Duration.between(ended, started))
            .as("the pause before start " + number)
            .isGreaterThanOrEqualTo(Duration.ofMillis(500L << (number - 1)));
        assertThat(now.path("lastExit").path("code").asInt()).isEqualTo(9);
      }
    }
    assertThat(app.body("/boot")).isEqualTo(boot);
  }

  /** F30 in docs/reliability.md. */
  @Test
  void processThatHasADeadInstancesNumberIsNeverSignalled() throws Exception {
    long pid = instance.pid();
    String record = instance.inRuntime("records", instance.container(), "process").toString();
    platform.stop("paas-runtimed");
    Process unrelated = new ProcessBuilder("sleep", "600").start();
    try {
      InstanceOnHost.kill(pid);
      Awaitility.await("it ends").until(() -> !InstanceOnHost.alive(pid));
      instance
          .asRuntime("sed", "-i", "s/^\\([0-9]*\\) [0-9]* /\\1 " + unrelated.pid() + " /", record)
          .succeed();
      platform.start("paas-runtimed");
      JsonNode after =
          instance.until("it is started again", now -> now.path("pid").asLong() != pid);
      assertThat(after.path("pid").asLong()).isNotEqualTo(unrelated.pid());
      app.paas("restart").succeed();
      assertThat(unrelated.isAlive()).isTrue();
    } finally {
      unrelated.destroyForcibly();
      platform.start("paas-runtimed");
    }
  }

  /** F35 in docs/reliability.md. */
  @Test
  void containerLinkRulesAndGroupThatSomebodyDeletedAreThereAgain() {
    String id = platform.variable("PAAS_ID");
    long first = instance.pid();
    Command.of("ip", "link", "delete", instance.link()).succeed();
    answersAgain("after its link was deleted");
    assertThat(instance.pid()).as("a link is no reason to end it").isEqualTo(first);
    Command.of("nft", "delete", "table", "inet", "paas-" + id).succeed();
    Awaitility.await("the rules are there again")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              Command.Outcome listed =
                  Command.of("nft", "list", "table", "inet", "paas-" + id).run();
              return listed.out().contains(instance.seen().path("address").asText());
            });
    instance
        .asRuntime(
            "crun",
            "--cgroup-manager=disabled",
            "--root=" + instance.inRuntime("oci"),
            "delete",
            "--force",
            instance.container())
        .succeed();
    JsonNode after = instance.until("it is replaced", now -> now.path("pid").asLong() != first);
    answersAgain("after its container was deleted");
    // Its processes leave their groups, and the groups are removed.
    String leave =
        "for g in $(find /sys/fs/cgroup -type d -path '*/paas-$1/$2'); do"
            + " for p in $(cat $g/cgroup.procs); do echo $p >$g/../../cgroup.procs; done;"
            + " rmdir $g; done";
    instance
        .asRuntime("sh", "-c", leave.replace("$1", id).replace("$2", instance.container()))
        .run();
    long second = after.path("pid").asLong();
    instance.until("one in a group replaces it", now -> now.path("pid").asLong() != second);
    answersAgain("after its group was removed");
  }

  private void answersAgain(String when) {
    Awaitility.await("it answers " + when)
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(() -> app.body("/").startsWith("version"));
  }

  /** F36 in docs/reliability.md. */
  @Test
  void inventoryThatIsEmptyOrFailsAtStartDeletesNothing() {
    long pid = instance.pid();
    String boot = app.body("/boot");
    String records = instance.inRuntime("records").toString();
    platform.stop("paasd");
    platform.stop("paas-runtimed");
    instance.asRuntime("mv", records, records + ".aside").succeed();
    try {
      platform.start("paas-runtimed");
      Awaitility.await("the runtime has looked around")
          .atMost(Duration.ofSeconds(30))
          .until(() -> instance.asRuntime("test", "-d", records).run().exit() == 0);
      assertThat(app.body("/boot")).as("with an empty inventory").isEqualTo(boot);
      platform.stop("paas-runtimed");
      instance.asRuntime("rm", "-r", records).succeed();
      // A file in the folder's place: the inventory can't be read, the daemon does not start.
      instance.asRuntime("touch", records).succeed();
      platform.start("paas-runtimed");
      platform.start("paasd");
      Awaitility.await("the API answers")
          .atMost(Duration.ofSeconds(60))
          .until(() -> platform.paas("apps").run().exit() == 0);
      assertThat(app.paas("ps").run().exit()).as("the inventory is not known").isNotZero();
      assertThat(app.body("/boot")).as("with an inventory that fails").isEqualTo(boot);
    } finally {
      platform.stop("paas-runtimed");
      instance.asRuntime("rm", "-rf", records).run();
      instance.asRuntime("mv", records + ".aside", records).succeed();
      platform.start("paas-runtimed");
      platform.start("paasd");
      platform.awaitReady();
    }
    assertThat(instance.until("it is known again", now -> true).path("pid").asLong())
        .isEqualTo(pid);
  }
}
