package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.api.boot.Workplace.Ended;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A step of the way of a push fails each time, with whatever a JVM may throw. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class FailingStepFaultIT {

  /** More often than anything is tried. */
  private static final int ALWAYS = 500;

  private static final Duration ENDED_WITHIN = Duration.ofSeconds(40);

  private static final AtomicInteger APPS = new AtomicInteger();

  @Inject Caller caller;
  @Inject SshListener ssh;
  @Inject PlatformSettings settings;

  @TempDir Path folder;

  private Workplace place;
  private String app;

  @BeforeEach
  void sitDown() throws IOException, InterruptedException {
    place = new Workplace(folder, ssh.port());
    app = "failing" + APPS.incrementAndGet();
    caller
        .admin()
        .body(Map.of("name", "k" + System.nanoTime(), "key", place.publicKey()))
        .post("/v1/keys")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void behaveAgain() throws IOException {
    Files.deleteIfExists(file());
  }

  /** The points of steps that run until the push has ended, and how it then ends. */
  static Stream<Arguments> failingSteps() {
    return Stream.of(
        Arguments.of("build.started", "throw", "build.internal"),
        Arguments.of("build.started", "overflow", "build.internal"),
        Arguments.of("build.image-stored", "error", "build.internal"),
        Arguments.of("run.created", "throw", "deploy.internal"),
        Arguments.of("run.created", "overflow", "deploy.internal"),
        Arguments.of("run.healthy", "error", "deploy.internal"),
        Arguments.of("push.refs-moved", "throw", "push.internal"),
        Arguments.of("push.refs-moved", "overflow", "push.internal"));
  }

  @ParameterizedTest
  @MethodSource("failingSteps")
  void aPushWhoseStepAlwaysFailsEndsWithACodeAndTheNextOneIsTaken(
      String point, String effect, String code) throws Exception {
    Path site = place.site(app, "one");
    arm(point + ":" + effect + ":" + ALWAYS);
    long start = System.nanoTime();
    Ended push = place.git(site, "push", "paas", "main");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(ENDED_WITHIN);
    assertThat(push.code()).as(push.output()).isEqualTo(1);
    assertThat(push.output()).contains(code, "pre-receive hook declined");
    if (code.startsWith("build.")) {
      caller
          .admin()
          .get("/v1/apps/" + app + "/builds")
          .then()
          .body("[0].state", org.hamcrest.Matchers.equalTo("failed"))
          .body("[0].problem.code", org.hamcrest.Matchers.equalTo(code));
    }

    Files.deleteIfExists(file());
    place.commit(site, "two");
    Ended next = place.git(site, "push", "paas", "main");
    assertThat(next.code()).as(next.output()).isZero();
  }

  @Test
  void aRestartWhoseStepAlwaysFailsEndsAndSaysSo() throws Exception {
    Path site = place.site(app, "one");
    assertThat(place.git(site, "push", "paas", "main").code()).isZero();
    arm("run.created:overflow:" + ALWAYS);
    JsonPath asked =
        caller.admin().body("{}").post("/v1/apps/" + app + "/restart").then().extract().jsonPath();
    String id = asked.getString("id");
    await().atMost(ENDED_WITHIN).until(() -> deployment(id).getString("finishedAt") != null);
    assertThat(deployment(id).getString("state")).isEqualTo("failed");
    assertThat(deployment(id).getString("problem.code")).isEqualTo("deploy.internal");
  }

  @Test
  void whatIsNotWorkButADutyGoesOnAndDoctorNamesIt() throws Exception {
    Path site = place.site(app, "one");
    assertThat(place.git(site, "push", "paas", "main").code()).isZero();
    arm("app.cleaned:error:" + ALWAYS);
    caller.admin().delete("/v1/apps/" + app).then().statusCode(500);
    await()
        .atMost(ENDED_WITHIN)
        .untilAsserted(() -> assertThat(findings()).anyMatch(it -> it.contains("work.destroy")));
    Files.deleteIfExists(file());
    await()
        .atMost(ENDED_WITHIN)
        .untilAsserted(
            () -> {
              caller.admin().get("/v1/apps/" + app).then().statusCode(404);
              assertThat(findings()).noneMatch(it -> it.contains("work.destroy"));
            });
  }

  private List<String> findings() {
    return caller.admin().get("/v1/doctor").then().extract().jsonPath().getList("findings.probe");
  }

  private JsonPath deployment(String id) {
    return caller.admin().get("/v1/apps/" + app + "/deployments/" + id).then().extract().jsonPath();
  }

  private Path file() {
    return settings.platform().run().resolve("api/fault");
  }

  private void arm(String fault) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), fault + "\n");
  }
}
