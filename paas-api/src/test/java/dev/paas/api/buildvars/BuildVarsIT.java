package dev.paas.api.buildvars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.SolveRequest;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What builds get beside their files, through the whole control plane. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class BuildVarsIT {

  private static final String PLANTED = "planted-correct-horse";

  @Inject Caller caller;
  @Inject AppBuildVars vars;
  @Inject PlatformSettings settings;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @TempDir Path folder;

  @Test
  void aSecretReachesTheStepThatAsksAndNothingElse() throws Exception {
    create("hiding");
    change("hiding", Map.of("vars", Map.of("VERSION", "7"), "secrets", Map.of("KEY", PLANTED)));
    Response shown = caller.admin().get("/v1/apps/hiding/build/vars");
    shown.then().body("vars", equalTo(Map.of("VERSION", "7"))).body("secrets", contains("KEY"));
    assertThat(shown.asString()).doesNotContain(PLANTED);

    String output = deployed("hiding");
    assertThat(output).contains("***", "Application deployed:").doesNotContain(PLANTED);
    SolveRequest sent = solved();
    assertThat(sent.getSecretsList()).hasSize(1);
    assertThat(sent.getSecrets(0).getValue()).isEqualTo(PLANTED);
    assertThat(sent.getSecrets(0).getFingerprint()).hasSize(64).doesNotContain(PLANTED);
    assertThat(sent.getGraph().toString()).contains("VERSION=7").doesNotContain(PLANTED);
    assertThat(sent.getConfig().toString()).doesNotContain(PLANTED);

    assertThat(filesWith("hiding")).as("the search finds what is there").isNotEmpty();
    assertThat(filesWith(PLANTED)).isEmpty();
    caller.admin().get("/v1/audit?app=hiding").then().body("subject", hasItem("+KEY +VERSION"));
  }

  @Test
  void filesAreBuiltAgainWhenWhatBuildsGetHasChanged() throws Exception {
    create("changing");
    change("changing", Map.of("secrets", Map.of("KEY", "first value")));
    assertThat(deployed("changing")).contains("made it");
    String before = solved().getSecrets(0).getFingerprint();
    assertThat(deployed("changing")).contains("without a build");
    change("changing", Map.of("secrets", Map.of("KEY", "second value")));
    assertThat(deployed("changing")).contains("made it");
    assertThat(solved().getSecrets(0).getFingerprint()).isNotEqualTo(before);
    change("changing", Map.of("unset", List.of("KEY")));
    assertThat(deployed("changing")).contains("made it", "runs without it");
    assertThat(solved().getSecretsList()).isEmpty();
  }

  @Test
  void onlyTheOwnerSeesAndChangesThem() {
    create("closed");
    caller.user("mallory").get("/v1/apps/closed/build/vars").then().statusCode(404);
    caller
        .user("mallory")
        .body(Map.of("secrets", Map.of("KEY", "x")))
        .patch("/v1/apps/closed/build/vars")
        .then()
        .statusCode(404);
    caller
        .admin()
        .body(Map.of("secrets", Map.of("a b", PLANTED)))
        .patch("/v1/apps/closed/build/vars")
        .then()
        .statusCode(400)
        .body("code", equalTo("config.bad-name"));
    assertThat(vars.current(new AppName("closed"))).isEqualTo(BuildVars.NONE);
  }

  @Test
  void aFewOldVersionsAreKept() {
    create("many");
    for (int i = 1; i <= 25; i++) {
      change("many", Map.of("vars", Map.of("A", Integer.toString(i))));
    }
    AppName many = new AppName("many");
    assertThat(vars.at(many, 24).vars()).isEqualTo(Map.of("A", "24"));
    assertThat(vars.at(many, 1)).as("the newest").isEqualTo(vars.current(many));
  }

  private SolveRequest solved() {
    return Objects.requireNonNull(given).runtime().solved();
  }

  private void create(String app) {
    caller.admin().body(Map.of("name", app)).post("/v1/apps").then().statusCode(201);
  }

  private void change(String app, Map<String, ?> change) {
    caller.admin().body(change).patch("/v1/apps/" + app + "/build/vars").then().statusCode(200);
  }

  private String deployed(String app) throws IOException, InterruptedException {
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.writeString(
        files.resolve("Dockerfile"),
        """
        FROM debian:bookworm-slim
        ARG VERSION
        RUN --mount=type=secret,id=KEY make
        CMD ["x"]
        """);
    Process tar =
        new ProcessBuilder("tar", "-C", files.toString(), "-c", ".")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] bytes = tar.getInputStream().readAllBytes();
    assertThat(tar.waitFor()).isZero();
    return caller
        .admin()
        .contentType("application/octet-stream")
        .body(bytes)
        .post("/v1/apps/" + app + "/deploy")
        .asString();
  }

  /** Of the database, the repositories and the logs of builds, as they lie on the disk. */
  private List<Path> filesWith(String text) throws IOException {
    Path data = settings.platform().data();
    List<Path> found = new ArrayList<>();
    for (Path part : List.of(database(data), data.resolve("db"), data.resolve("git"))) {
      try (Stream<Path> files = Files.walk(part)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
            found.add(file);
          }
        }
      }
    }
    return found;
  }

  /** Where the database keeps each row that was committed. */
  Path database(Path data) {
    return data.resolve("db");
  }
}
