package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import dev.paas.acceptance.platform.Traffic;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Releases are immutable; what runs moves between them without losing a request. */
@ExtendWith(SharedPlatform.class)
final class ReleaseIT {
  private final Platform platform;

  ReleaseIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void deployLosesNoRequest() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      app.change("server.js", "version 1", "version 2");
      try (Traffic traffic = new Traffic(platform, app.name(), "/slow?ms=20")) {
        app.push().succeed();
        traffic.flowsOn(50);
        assertThat(traffic.failures()).isEmpty();
      }
      assertThat(app.body("/")).isEqualTo("version 2");
      assertThat(app.pids()).as("the old instance has gone").hasSize(1);
    }
  }

  @Test
  void rollbackServesTheReleaseBeforeWithoutABuild() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      app.change("server.js", "version 1", "version 2");
      app.push().succeed();
      int builds = app.paasJson("builds").size();
      app.paas("rollback").succeed();
      assertThat(app.body("/")).isEqualTo("version 1");
      assertThat(app.paasJson("builds")).as("no rebuild").hasSize(builds);
      assertThat(app.paasJson("releases").get(0).path("version").asText()).isEqualTo("v3");
    }
  }

  @Test
  void anImageIsReleasedAsItIsAndRollbackGoesOverIt() {
    try (GitApp maker = GitApp.probe(platform);
        GitApp app = GitApp.probe(platform)) {
      maker.push().succeed();
      app.change("server.js", "version 1", "version 2");
      app.push().succeed();
      String image = "apps/" + maker.name() + ":build-1";
      assertThat(app.paas("deploy", "--image", image).succeed().out()).contains("v2 serves");
      assertThat(app.body("/")).isEqualTo("version 1");
      assertThat(app.paasJson("builds")).as("no build").hasSize(1);
      app.paas("rollback").succeed();
      assertThat(app.body("/")).isEqualTo("version 2");
      app.paas("rollback", "v2").succeed();
      assertThat(app.body("/")).isEqualTo("version 1");

      assertThat(app.paas("redeploy").succeed().out()).contains("(cached)", "deployed:");
      assertThat(app.body("/")).as("what was pushed last").isEqualTo("version 2");
    }
  }

  @Test
  void rollbackToAReleaseThatNeverWasIsRefused() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      assertThat(app.paas("rollback", "v99").fail().err())
          .contains("error:")
          .contains("fix:")
          .contains("v99");
    }
  }

  @Test
  void configChangeReachesTheAppAsANewRelease() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      app.paas("config", "set", "GREETING=hello there").succeed();
      assertThat(app.body("/env?name=GREETING")).isEqualTo("hello there");
      assertThat(app.paasJson("releases")).hasSize(2);
      assertThat(app.paas("config", "get", "GREETING").succeed().out()).contains("hello there");
      app.paas("config", "unset", "GREETING").succeed();
      assertThat(app.body("/env?name=GREETING")).isEmpty();
    }
  }

  @Test
  void configIsNotOnDiskUnsealed() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      app.paas("config", "set", "API_KEY=correct-horse-battery-staple").succeed();
      assertThat(app.body("/env?name=API_KEY")).isEqualTo("correct-horse-battery-staple");
      var found =
          Command.of(
                  "grep",
                  "-rslaF",
                  "correct-horse-battery-staple",
                  platform.folder().resolve("data").toString(),
                  platform.folder().resolve("log").toString())
              .run();
      assertThat(found.out()).isEmpty();
    }
  }

  @Test
  void portAndReservedNamesCantBeSet() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      assertThat(app.paas("config", "set", "PORT=1").fail().err())
          .contains("fix:")
          .contains("PORT");
      assertThat(app.body("/env?name=PORT")).isEqualTo("5000");
    }
  }

  @Test
  void restartReplacesEveryInstanceAndLosesNoRequest() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      try (Traffic traffic = new Traffic(platform, app.name(), "/slow?ms=20")) {
        app.paas("restart").succeed();
        traffic.flowsOn(30);
        assertThat(traffic.failures()).isEmpty();
      }
      assertThat(app.pids()).hasSize(1).doesNotContainValue(before.get("web.1"));
    }
  }

  @Test
  void domainOfOnesOwnIsServed() throws Exception {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      String host = app.name() + ".example.org";
      app.paas("domains", "add", host).succeed();
      assertThat(
              Command.of(
                      "curl",
                      "-sS",
                      "--fail",
                      "--retry",
                      "20",
                      "--retry-all-errors",
                      "--retry-delay",
                      "0",
                      "-H",
                      "Host: " + host,
                      "http://127.0.0.1:" + platform.variable("PAAS_HTTP_PORT") + "/")
                  .succeed()
                  .out())
          .isEqualTo("version 1");
      assertThat(platform.get("nobody-knows", "/").statusCode()).isEqualTo(404);
    }
  }
}
