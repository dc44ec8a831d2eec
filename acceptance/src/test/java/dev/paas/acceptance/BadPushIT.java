package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Pushes that can't work: each says what and how to fix it, and the running release stays. */
@ExtendWith(SharedPlatform.class)
final class BadPushIT {
  private static final String STATIC_DOCKERFILE =
      """
      FROM debian:bookworm-slim
      CMD ["sh", "-c", "exec sleep 1000"]
      """;

  private final Platform platform;

  BadPushIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void unknownKeyIsRefused() {
    String key = platform.scratch().resolve("unknown-key").toString();
    Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).succeed();
    try (GitApp app = GitApp.probe(platform)) {
      String ssh = platform.variable("GIT_SSH_COMMAND").replace(platform.variable("PAAS_KEY"), key);
      Command.Outcome push = app.push().with(Map.of("GIT_SSH_COMMAND", ssh)).fail();
      assertThat(push.err()).contains("Permission denied");
      assertThat(platform.paas("apps").succeed().out()).doesNotContain(app.name());
    } finally {
      Command.of("rm", "-f", key, key + ".pub").succeed();
    }
  }

  @Test
  void nothingDetectedSaysWhatIsLookedFor() {
    try (GitApp app = GitApp.of(platform, "unknown", Map.of("notes.txt", "nothing to run\n"))) {
      assertThat(declined(app))
          .contains("Dockerfile")
          .contains("package.json")
          .contains("index.html");
    }
  }

  @Test
  void languageThatIsNotBuiltGetsADockerfileToStartFrom() {
    try (GitApp app =
        GitApp.of(platform, "crate", Map.of("Cargo.toml", "[package]\nname = \"crate\"\n"))) {
      assertThat(declined(app))
          .contains("Rust", "Cargo.toml", "FROM rust:", "build.language-not-built");
    }
  }

  @Test
  void lockFilesOfTwoManagersAreBothNamed() {
    try (GitApp app =
        GitApp.of(
            platform,
            "locks",
            Map.of("package.json", "{}", "yarn.lock", "", "package-lock.json", "{}"))) {
      assertThat(declined(app))
          .contains("package-lock.json, yarn.lock", "packageManager", "node.two-lock-files");
    }
  }

  @Test
  void versionOfNodeThatDoesNotExistNamesThoseThatDo() {
    try (GitApp app =
        GitApp.of(
            platform,
            "version",
            Map.of(
                "package.json",
                "{\"engines\":{\"node\":\"20.99.0\"},\"main\":\"a.js\"}",
                "a.js",
                ""))) {
      assertThat(declined(app))
          .contains("There is no Node 20.99.0, which package.json asks for")
          .containsPattern(" 20\\.\\d+\\.\\d+ ");
    }
  }

  @Test
  void syntaxErrorInADockerfileNamesLineColumnAndFix() {
    try (GitApp app =
        GitApp.of(
            platform,
            "syntax",
            Map.of(
                "Dockerfile",
                """
                FROM debian:bookworm-slim
                RUNN apt-get update
                CMD ["true"]
                """))) {
      assertThat(declined(app))
          .contains("Dockerfile:2")
          .contains("RUNN apt-get update")
          .contains("^")
          .contains("RUN");
    }
  }

  @Test
  void failedBuildRejectsTheRefAndTheRunningReleaseStays() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      app.write(
          "Dockerfile",
          "FROM debian:bookworm-slim\nRUN echo about to fail; exit 7\nCMD [\"true\"]\n");
      app.commit("Break the build");
      assertThat(declined(app)).contains("about to fail").contains("7");
      stillServes(app, before);
      assertThat(app.git("ls-remote", "paas", "refs/heads/main").succeed().out())
          .as("the branch has not moved")
          .doesNotContain(app.git("rev-parse", "HEAD").succeed().out().trim());
    }
  }

  @Test
  void appThatExitsAtOnceShowsItsLastWordsAndTheRunningReleaseStays() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      app.write("server.js", "console.error('no database here'); process.exit(3);\n");
      app.commit("Exit at once");
      assertThat(declined(app)).contains("no database here").contains("3");
      stillServes(app, before);
    }
  }

  @Test
  void firstPushThatFailsLeavesNoInstance() {
    try (GitApp app = GitApp.of(platform, "mute", Map.of("Dockerfile", STATIC_DOCKERFILE))) {
      app.write("Dockerfile", "FROM debian:bookworm-slim\nCMD [\"sh\", \"-c\", \"exit 9\"]\n");
      app.commit("Exit with 9");
      assertThat(declined(app)).contains("9");
      assertThat(app.paasJson("ps").path("instances")).isEmpty();
    }
  }

  @Test
  void brokenPackageJsonIsNamed() {
    try (GitApp app =
        GitApp.of(
            platform, "json", Map.of("package.json", "{ \"name\": \"x\", }\n", "index.js", ""))) {
      assertThat(declined(app)).contains("package.json");
    }
  }

  @Test
  void appNameThatCantBeAHostNameIsRefused() {
    try (GitApp app = GitApp.probe(platform)) {
      String remote = "ssh://paas@localhost:" + platform.variable("PAAS_SSH_PORT") + "/Not_A_Name";
      assertThat(app.git("push", remote, "main").fail().err()).containsIgnoringCase("name");
    }
  }

  @Test
  void branchesOtherThanTheDeployBranchDontDeploy() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      app.git("checkout", "-q", "-b", "feature").succeed();
      app.change("server.js", "version 1", "version 2");
      app.git("push", "paas", "feature").run();
      stillServes(app, before);
    }
  }

  /** What a push says that must be declined by the hook. */
  private static String declined(GitApp app) {
    String said = app.push().fail().err();
    assertThat(said).contains("pre-receive hook declined");
    return said;
  }

  private static void stillServes(GitApp app, Map<String, Long> before) {
    assertThat(app.body("/")).contains("version 1");
    assertThat(app.pids()).as("the running instances").isEqualTo(before);
  }
}
