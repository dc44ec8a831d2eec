package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The journey: {@code git push}, build, instance, HTTP. */
@ExtendWith(SharedPlatform.class)
final class PushIT {
  private final Platform platform;

  PushIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void staticSiteIsServedAndItsChangeToo() {
    pushedTwice("static-site", "index.html");
  }

  @Test
  void nodeAppWithDependenciesIsServedAndItsChangeReusesTheInstalledDependencies() {
    String second = pushedTwice("node-express", "server.js");
    assertThat(second)
        .as("npm ci of the second push")
        .containsPattern("(?i)npm[^\n]*\n?[^\n]*cached");
  }

  @Test
  void pythonAppWithPackagesIsServedAndItsChangeReusesTheInstalledPackages() {
    String second = pushedTwice("python-flask", "app.py");
    assertThat(second)
        .as("pip install of the second push")
        .containsPattern("(?i)pip install[^\n]*\n?[^\n]*cached");
  }

  @Test
  void goAppIsServedFromAnImageWithoutItsSources() {
    pushedTwice("go-hello", "main.go");
  }

  @Test
  void dockerfileOfSeveralStagesIsServedAndItsChangeReusesTheToolchain() {
    String second = pushedTwice("dockerfile-c", "server.c");
    assertThat(second)
        .as("apt-get of the second push")
        .containsPattern("(?i)apt-get[^\n]*\n?[^\n]*cached");
  }

  @Test
  void typescriptAppWithPnpmIsServedAndItsChangeReusesTheInstalledDependencies() {
    String second = pushedTwice("node-pnpm", "server.ts");
    assertThat(second)
        .as("pnpm and what it installed, in the second push")
        .containsPattern("Installing pnpm@[^\n]*\n?[^\n]*cached")
        .containsPattern("pnpm install --frozen-lockfile --prod=false[^\n]*\n?[^\n]*cached");
  }

  @Test
  void singlePageAppIsBuiltAndItsPageServedForEveryPathOfIt() throws Exception {
    try (GitApp app = GitApp.sample(platform, "vite-spa")) {
      app.push().succeed();
      String page = app.body("/");
      assertThat(app.body("/some/route")).isEqualTo(page).contains("version 1");

      String script = page.replaceFirst("(?s).*src=\"([^\"]+\\.js)\".*", "$1");
      HttpHeaders built = platform.get(app.name(), script).headers();
      assertThat(built.firstValue("Cache-Control")).get().asString().contains("immutable");
      assertThat(built.firstValue("ETag")).isPresent();
      String gone = script.replaceFirst("-.{8}\\.js", "-XXXXXXXX.js");
      assertThat(platform.get(app.name(), gone).statusCode()).isEqualTo(404);

      String pageTag = platform.get(app.name(), "/").headers().firstValue("ETag").orElseThrow();
      app.change("index.html", "version 1", "version 2");
      app.push().succeed();
      assertThat(app.body("/some/route")).contains("version 2");
      assertThat(platform.get(app.name(), "/").headers().firstValue("ETag"))
          .as("the tag of a page that is as long as before")
          .get()
          .isNotEqualTo(pageTag);
      assertThat(platform.get(app.name(), script).headers().firstValue("ETag"))
          .as("the tag of a file that was built again and is the same")
          .isEqualTo(built.firstValue("ETag"));
    }
  }

  /** The output of the second push, after a one-line change. */
  private String pushedTwice(String sample, String file) {
    try (GitApp app = GitApp.sample(platform, sample)) {
      String first = app.push().succeed().err();
      assertThat(first).contains("remote: ----->").contains(app.name() + ".");
      assertThat(app.body("/")).contains("version 1");

      app.change(file, "version 1", "version 2");
      String second = app.push().succeed().err();
      assertThat(second).as("what was cached is shown").contains("cached");
      assertThat(app.body("/")).contains("version 2").doesNotContain("version 1");
      assertThat(app.paasJson("releases")).hasSize(2);
      return second;
    }
  }

  @Test
  void buildOutputComesWhileTheBuildRuns() {
    try (GitApp app =
        GitApp.of(
            platform,
            "live",
            Map.of(
                "Dockerfile",
                """
                FROM debian:bookworm-slim
                RUN echo begun $((1)); sleep 3; echo ended $((2))
                CMD ["sh", "-c", "exec sleep 1000"]
                """))) {
      try (Command.Running push = app.push().start()) {
        Awaitility.await("the first line of the step, before the step has ended")
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(20))
            .until(() -> push.errors().contains("begun 1") || !push.alive());
        assertThat(push.errors()).contains("begun 1").doesNotContain("ended 2");
      }
    }
  }

  @Test
  void clientThatHangsUpDoesNotCancelTheDeploy() {
    try (GitApp app = GitApp.probe(platform)) {
      try (Command.Running push = app.push().start()) {
        Awaitility.await("the build has begun")
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(5))
            .until(() -> push.errors().replace("-----> Creating app", "").contains("----->"));
        push.kill();
      }
      Awaitility.await("the app serves all the same")
          .atMost(Duration.ofSeconds(90))
          .ignoreExceptions()
          .until(() -> platform.get(app.name(), "/").statusCode() == 200);
    }
  }

  @Test
  void sameCommitPushedAgainChangesNothing() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      assertThat(app.push().succeed().err()).contains("Everything up-to-date");
      assertThat(app.pids()).isEqualTo(before);
    }
  }

  @Test
  void commandsOfTheCliWorkOverPlainSsh() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      assertThat(platform.ssh("apps").succeed().out()).contains(app.name());
      assertThat(platform.ssh("ps", "-a", app.name()).succeed().out()).contains("web.1");
      assertThat(platform.ssh("no-such-command").fail().exit()).isNotZero();
    }
  }

  @Test
  void destroyedAppIsGone() throws Exception {
    GitApp app = GitApp.probe(platform);
    app.push().succeed();
    app.close();
    assertThat(platform.get(app.name(), "/").statusCode()).isEqualTo(404);
    assertThat(platform.paas("apps").succeed().out()).doesNotContain(app.name());
  }
}
