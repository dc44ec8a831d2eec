package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anEmptyMap;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.paas.api.boot.Workplace.Ended;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.FakeRouter;
import dev.paas.api.fake.FakeRuntime;
import dev.paas.api.fake.MemoryScheduler;
import dev.paas.api.fake.MemoryScheduler.Behaviour;
import dev.paas.api.scheduler.Instance;
import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.repository.Repositories;
import io.quarkus.test.common.QuarkusTestResource;
import io.restassured.path.json.JsonPath;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One push after another through the whole control plane, with the real git and ssh, on one
 * scheduler or another.
 */
@QuarkusTestResource(TestPlatform.class)
abstract class Journey {

  private static final String RESTART_OF_ONE = "/instances/web/1/restart";

  @Inject Caller caller;
  @Inject SshListener ssh;
  @Inject Repositories repositories;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @TempDir Path folder;

  private Workplace place;

  @BeforeEach
  void sitDown() throws IOException, InterruptedException {
    place = new Workplace(folder, ssh.port());
    caller
        .admin()
        .body(Map.of("name", "k" + System.nanoTime(), "key", place.publicKey()))
        .post("/v1/keys")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void behaveAgain() {
    instances().behave(Behaviour.LISTEN);
    runtime().buildsFail(false);
  }

  @Test
  void pushedCommitIsBuiltReleasedStartedAndRouted() throws Exception {
    Path site = place.site("initial", "one");
    Ended push = place.git(site, "push", "paas", "main");

    assertThat(push.output())
        .contains(
            "remote: -----> Creating app initial",
            "remote: -----> Building initial from ",
            "remote: -----> Static site detected",
            "remote:        Chosen because of the file index.html.",
            "remote: -----> RUN make",
            "remote:        made it",
            "remote: =====> Application deployed:",
            "http://initial.apps.test");
    assertThat(push.code()).isZero();
    assertThat(router().backends("initial.apps.test")).containsExactly("initial.web.v1.1.g0");
    caller
        .admin()
        .get("/v1/apps/initial")
        .then()
        .body("release", equalTo("v1"), "formation.web", equalTo(1));
    caller
        .admin()
        .get("/v1/apps/initial/releases")
        .then()
        .body("version", contains("v1"), "current", contains(true));
    caller.admin().get("/v1/apps/initial/builds").then().body("state", contains("succeeded"));
    caller
        .admin()
        .get("/v1/apps/initial/builds/1/output?follow=true")
        .then()
        .statusCode(200)
        .body(containsString("made it"));
    caller.admin().get("/v1/apps/initial/logs").then().body(containsString("hello from 1"));
    String chosen = "/v1/apps/initial/logs?since=1h&grep=";
    caller.admin().get(chosen + "HELLO").then().body(containsString("hello from 1"));
    caller.admin().get(chosen + "goodbye").then().body(equalTo(""));
    caller.admin().get("/v1/apps/initial/logs?since=1y").then().statusCode(400);
    assertThat(place.ssh("apps").output()).contains("initial");
  }

  @Test
  void secondReleaseReplacesTheFirst() throws Exception {
    Path site = place.site("next", "one");
    place.git(site, "push", "paas", "main");
    place.commit(site, "two");
    Ended push = place.git(site, "push", "paas", "main");

    assertThat(push.code()).isZero();
    assertThat(push.output()).doesNotContain("Creating app");
    assertThat(router().backends("next.apps.test")).containsExactly("next.web.v2.1.g0");
    await().until(() -> instances().instances("next").size() == 1);
  }

  @Test
  void failedBuildRejectsTheRefAndChangesNothing() throws Exception {
    Path site = place.site("broken", "one");
    place.git(site, "push", "paas", "main");
    place.commit(site, "two");
    runtime().buildsFail(true);
    Ended push = place.git(site, "push", "paas", "main");

    assertThat(push.code()).isNotZero();
    assertThat(push.output()).contains("RUN make ended with 2", "pre-receive hook declined");
    assertThat(router().backends("broken.apps.test")).containsExactly("broken.web.v1.1.g0");

    runtime().buildsFail(false);
    Ended again = place.git(site, "push", "paas", "main");
    assertThat(again.output()).contains("Application deployed");
  }

  @Test
  void instanceThatExitsKeepsTheOldReleaseServing() throws Exception {
    Path site = place.site("crashy", "one");
    place.git(site, "push", "paas", "main");
    place.commit(site, "two");
    instances().behave(Behaviour.EXIT);
    Ended push = place.git(site, "push", "paas", "main");

    assertThat(push.code()).isNotZero();
    assertThat(push.output())
        .contains("web.1 exited before it listened", "exited with code 1", "hello from 1");
    assertThat(router().backends("crashy.apps.test")).containsExactly("crashy.web.v1.1.g0");
    assertThat(instances().instances("crashy")).hasSize(1);
    caller.admin().get("/v1/apps/crashy").then().body("release", equalTo("v1"));
  }

  @Test
  void aDeclinedPushLeavesNoObjects() throws Exception {
    Path site = place.site("leaver", "one");
    place.git(site, "push", "paas", "main");
    instances().behave(Behaviour.EXIT);
    place.commit(site, "two");
    AppName app = new AppName("leaver");
    // As by another push that begins before this one ends, and ends after it.
    repositories.lock(app).enter();
    try {
      assertThat(place.git(site, "push", "paas", "main").code()).isNotZero();
    } finally {
      repositories.lock(app).leave();
    }

    Path packs = repositories.path(app).resolve("objects/pack");
    await()
        .untilAsserted(
            () -> {
              try (Stream<Path> files = Files.list(packs)) {
                assertThat(files.filter(file -> file.toString().endsWith(".pack"))).hasSize(1);
              }
            });
  }

  @Test
  void instanceOnTheWrongPortIsNamed() throws Exception {
    Path site = place.site("deaf", "one");
    instances().behave(Behaviour.LISTEN_ON_3000);
    Ended push = place.git(site, "push", "paas", "main");

    assertThat(push.code()).isNotZero();
    assertThat(push.output()).contains("listens on 3000, expected 5000");
    assertThat(instances().instances("deaf")).isEmpty();
  }

  @Test
  void scaleChangesExactlyTheDifference() throws Exception {
    Path site = place.site("wide", "one");
    place.git(site, "push", "paas", "main");
    int first = instances().instances("wide").get(0).pid();

    assertThat(finish("wide", "/scale", "{\"processes\":{\"web\":4}}").getString("state"))
        .isEqualTo("done");
    assertThat(router().backends("wide.apps.test")).hasSize(4);
    assertThat(instances().instances("wide")).extracting(Instance::pid).contains(first);

    router().carries("wide.web.v1.3.g0", true);
    JsonPath down = post("wide", "/scale", "{\"processes\":{\"web\":1}}");
    await().until(() -> instances().instances("wide").size() == 2);
    assertThat(deployment("wide", down.getString("id")).getString("waitingFor"))
        .isEqualTo("requests on web.3 to finish");
    router().carries("wide.web.v1.3.g0", false);
    await()
        .untilAsserted(
            () ->
                assertThat(instances().instances("wide"))
                    .extracting(Instance::pid)
                    .containsExactly(first));
  }

  @Test
  void scalingMistakesAreNamed() throws Exception {
    Path site = place.site("slips", "one");
    place.git(site, "push", "paas", "main");
    refused("slips", "{\"processes\":{\"web\":-1}}", "scale.negative", "Use 0");
    refused("slips", "{\"processes\":{\"web\":100000}}", "scale.too-many", "fewer");
    refused("slips", "{\"processes\":{\"wbe\":2}}", "process.unknown", "Did you mean web?");
    refused("slips", "{\"processes\":{}}", "scale.nothing", "web=2");
  }

  @Test
  void configChangeRestartAndRollbackMakeWhatTheySay() throws Exception {
    Path site = place.site("turns", "one");
    place.git(site, "push", "paas", "main");
    caller
        .admin()
        .body("{\"set\":{\"GREETING\":\"hi\"}}")
        .patch("/v1/apps/turns/config")
        .then()
        .statusCode(200)
        .body("deployment.release", equalTo("v2"), "deployment.kind", equalTo("config"));
    await()
        .untilAsserted(
            () ->
                assertThat(router().backends("turns.apps.test"))
                    .containsExactly("turns.web.v2.1.g0"));
    await().until(() -> instances().instances("turns").size() == 1);
    assertThat(instances().spec(instances().instances("turns").get(0).name()).env())
        .containsEntry("GREETING", "hi")
        .containsEntry("PAAS_RELEASE", "v2")
        .containsEntry("PAAS_PROCESS", "web.1");

    finish("turns", "/restart", "{}");
    assertThat(router().backends("turns.apps.test")).containsExactly("turns.web.v2.1.g1");
    finish("turns", "/rollback", "{}");
    assertThat(router().backends("turns.apps.test")).containsExactly("turns.web.v3.1.g0");
    caller
        .admin()
        .get("/v1/apps/turns/releases")
        .then()
        .body("description", hasItem("Rollback to v1"), "configVersion", contains(0, 1, 0));
  }

  @Test
  void aRollbackGoesToTheReleaseBeforeWhateverItsImage() throws Exception {
    Path site = place.site("equal", "one");
    place.git(site, "push", "paas", "main");
    caller
        .admin()
        .body("{}")
        .post("/v1/apps/equal/rollback")
        .then()
        .statusCode(422)
        .body("code", equalTo("release.none-before"));
    for (int i = 0; i < 3; i++) {
      place.git(site, "commit", "-q", "--allow-empty", "-m", "the same files");
      place.git(
          site,
          "-c",
          "user.name=t",
          "-c",
          "user.email=t@example.org",
          "commit",
          "-q",
          "--allow-empty",
          "-m",
          "the same files");
      assertThat(place.git(site, "push", "paas", "main").code()).isZero();
    }
    finish("equal", "/rollback", "{}");
    caller
        .admin()
        .get("/v1/apps/equal/releases")
        .then()
        .body("[0].version", equalTo("v5"), "[0].description", equalTo("Rollback to v3"));

    // One that never served is no place to go back to.
    instances().behave(Behaviour.EXIT);
    place.commit(site, "two");
    assertThat(place.git(site, "push", "paas", "main").code()).isNotZero();
    instances().behave(Behaviour.LISTEN);
    place.commit(site, "three");
    assertThat(place.git(site, "push", "paas", "main").code()).isZero();
    finish("equal", "/rollback", "{}");
    caller
        .admin()
        .get("/v1/apps/equal/releases")
        .then()
        .body("[0].description", equalTo("Rollback to v5"));
  }

  @Test
  void aRollbackTakesTheConfigVarsBackForWhatComesNext() throws Exception {
    Path site = place.site("back", "one");
    place.git(site, "push", "paas", "main");
    set("back", "{\"set\":{\"GREETING\":\"new\",\"KEY\":\"rotated\"}}");
    finish("back", "/rollback", "{\"to\":\"v1\"}");
    caller
        .admin()
        .get("/v1/apps/back/config")
        .then()
        .body("version", equalTo(2), "vars", anEmptyMap());

    set("back", "{\"set\":{\"COLOR\":\"red\"}}");
    place.commit(site, "two");
    place.git(site, "push", "paas", "main");
    await().until(() -> instances().instances("back").size() == 1);
    assertThat(instances().spec(instances().instances("back").get(0).name()).env())
        .containsEntry("PAAS_RELEASE", "v5")
        .containsEntry("COLOR", "red")
        .doesNotContainKeys("GREETING", "KEY");

    finish("back", "/rollback", "{\"to\":\"v2\"}");
    caller
        .admin()
        .get("/v1/apps/back/config")
        .then()
        .body("vars", equalTo(Map.of("GREETING", "new", "KEY", "rotated")));
  }

  @Test
  void aRollbackThatFailsChangesNothing() throws Exception {
    Path site = place.site("kept", "one");
    place.git(site, "push", "paas", "main");
    set("kept", "{\"set\":{\"GREETING\":\"new\"}}");
    instances().behave(Behaviour.EXIT);
    JsonPath failed = finish("kept", "/rollback", "{}");
    instances().behave(Behaviour.LISTEN);

    assertThat(failed.getString("state")).isEqualTo("failed");
    assertThat(failed.getString("rollback.to")).isEqualTo("v1");
    assertThat(failed.getString("rollback.description")).startsWith("Deploy ");
    assertThat(failed.getString("rollback.vars")).isEqualTo("[GREETING]");
    Map<String, String> vars = Map.of("GREETING", "new");
    caller.admin().get("/v1/apps/kept/config").then().body("vars", equalTo(vars));
    caller
        .admin()
        .get("/v1/apps/kept/releases")
        .then()
        .body("state", contains("failed", "current", "superseded"));

    JsonPath back = finish("kept", "/rollback", "{\"keepConfig\":true}");
    assertThat(back.getString("rollback.to")).isEqualTo("v1");
    assertThat(back.getString("rollback.vars")).isEqualTo("[]");
    caller.admin().get("/v1/apps/kept/config").then().body("vars", equalTo(vars));
    await().until(() -> instances().instances("kept").size() == 1);
    assertThat(instances().spec(instances().instances("kept").get(0).name()).env())
        .containsEntry("PAAS_RELEASE", "v4")
        .containsEntry("GREETING", "new");
    caller
        .admin()
        .get("/v1/apps/kept/logs")
        .then()
        .body(
            containsString("v1 serves (Deploy "),
            containsString("v3 (Rollback to v1, admin) failed: "),
            containsString("v4 serves (Rollback to v1, admin)"));
    caller
        .admin()
        .get("/v1/apps/kept/logs?grep=V4&since=1h")
        .then()
        .body(containsString("v4 serves"), not(containsString("v1 serves")));
  }

  @Test
  void processesAreScaledByChangesStoppedAndStarted() throws Exception {
    Path site = place.site("moved", "one");
    place.git(site, "push", "paas", "main");
    JsonPath more = finish("moved", "/scale", "{\"changes\":{\"web\":2}}");
    assertThat(more.getInt("processes.web")).isEqualTo(3);
    JsonPath fewer = finish("moved", "/scale", "{\"changes\":{\"web\":-1}}");
    assertThat(fewer.getInt("processes.web")).isEqualTo(2);
    refusedAt(
        "moved", "/scale", "{\"changes\":{\"web\":1},\"processes\":{\"web\":1}}", "scale.twice");
    refusedAt("moved", "/scale", "{\"processes\":{\"web\":99999999999}}", "scale.too-many");
    refusedAt("moved", "/scale", "{\"changes\":{\"web\":-3}}", "scale.negative");
    refusedAt("moved", "/start", "{}", "scale.none-stopped");
    refusedAt("moved", "/restart", "{\"process\":\"wbe\"}", "process.unknown");

    finish("moved", "/stop", "{}");
    await().until(() -> instances().instances("moved").isEmpty());
    refusedAt("moved", "/stop", "{}", "scale.none-runs");
    refusedAt("moved", "/restart", "{\"process\":\"web\"}", "scale.none-runs");
    JsonPath started = finish("moved", "/start", "{}");
    assertThat(started.getInt("processes.web")).isEqualTo(2);
    await().until(() -> instances().instances("moved").size() == 2);

    String log = "/v1/apps/moved/logs?process=web&slot=1&grep=hello";
    long before = lines(log);
    instances().stopsFail(1); // what was promised is tried again
    caller
        .admin()
        .body("{}")
        .post("/v1/apps/moved/instances/web/1/restart")
        .then()
        .statusCode(202)
        .body("instance", equalTo("web.1"));
    await().until(() -> lines(log) == before + 1);
    assertThat(instances().instances("moved")).hasSize(2);
    refusedAt("moved", "/instances/web/3/restart", "{}", "instance.not-found");
  }

  private long lines(String log) {
    return caller.admin().get(log).then().extract().asString().lines().count();
  }

  private void refusedAt(String app, String path, String body, String code) {
    caller.admin().body(body).post("/v1/apps/" + app + path).then().body("code", equalTo(code));
  }

  @Test
  void whatTheUserMayNotIsInTheAuditAndWhatThePlatformCantIsNot() throws Exception {
    Path site = place.site("owed", "one");
    place.git(site, "push", "paas", "main");
    instances().away(true);
    try {
      await().untilAsserted(() -> refusedAt("owed", RESTART_OF_ONE, "{}", "runtime.unavailable"));
    } finally {
      instances().away(false);
    }
    refusedAt("owed", "/scale", "{\"processes\":{\"web\":-1}}", "scale.negative");
    // Refusals are counted for a moment before they are written.
    await()
        .untilAsserted(
            () ->
                caller
                    .admin()
                    .get("/v1/audit?app=owed")
                    .then()
                    .body("code", hasItem("scale.negative")));
    caller
        .admin()
        .get("/v1/audit?app=owed")
        .then()
        .body("code", not(hasItem("runtime.unavailable")));
  }

  @Test
  void lostInstancesComeBack() throws Exception {
    Path site = place.site("phoenix", "one");
    place.git(site, "push", "paas", "main");
    instances().loseInstances("phoenix");

    await().until(() -> instances().instances("phoenix").size() == 1);
    await()
        .untilAsserted(
            () ->
                assertThat(router().backends("phoenix.apps.test"))
                    .containsExactly("phoenix.web.v1.1.g0"));
  }

  @Test
  void aStartThatTheHostRefusedOnceIsTriedAgainAndThePushIsTaken() throws Exception {
    Path site = place.site("patient", "one");
    instances().startsFail(2);
    assertThat(place.git(site, "push", "paas", "main").output()).contains("Application deployed");
  }

  @Test
  void aHostThatNeverStartsItDeclinesThePush() throws Exception {
    Path site = place.site("refused", "one");
    instances().startsFail(100);
    try {
      assertThat(place.git(site, "push", "paas", "main").output())
          .contains("instance.start-failed")
          .contains("Read what the host says.");
    } finally {
      instances().startsFail(0);
    }
  }

  @Test
  void destroyedAppLeavesNothing() throws Exception {
    Path site = place.site("gone", "one");
    place.git(site, "push", "paas", "main");
    caller.admin().delete("/v1/apps/gone").then().statusCode(204);

    assertThat(instances().instances("gone")).isEmpty();
    assertThat(runtime().images()).noneMatch(name -> name.startsWith("apps/gone:"));
    assertThat(router().backends("gone.apps.test")).isEmpty();

    Ended again = place.git(site, "push", "paas", "main");
    assertThat(again.output()).contains("Application deployed");
    caller.admin().get("/v1/apps/gone").then().body("release", equalTo("v1"));
  }

  /** The scheduler on which everything here runs. */
  abstract MemoryScheduler instances();

  /** What builds, and has the images. */
  final FakeRuntime runtime() {
    return Objects.requireNonNull(given).runtime();
  }

  private FakeRouter router() {
    return Objects.requireNonNull(given).router();
  }

  private void refused(String app, String body, String code, String fix) {
    caller
        .admin()
        .body(body)
        .post("/v1/apps/" + app + "/scale")
        .then()
        .statusCode(422)
        .body("code", equalTo(code), "fix", containsString(fix));
  }

  private JsonPath post(String app, String path, String body) {
    return caller
        .admin()
        .body(body)
        .post("/v1/apps/" + app + path)
        .then()
        .statusCode(202)
        .extract()
        .jsonPath();
  }

  private JsonPath deployment(String app, String id) {
    return caller
        .admin()
        .get("/v1/apps/" + app + "/deployments/" + id + "?wait=0")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  /** Changes config vars and waits until it serves with them. */
  private void set(String app, String body) {
    String release =
        caller
            .admin()
            .body(body)
            .patch("/v1/apps/" + app + "/config")
            .then()
            .statusCode(200)
            .extract()
            .path("deployment.release");
    await()
        .untilAsserted(
            () ->
                assertThat(router().backends(app + ".apps.test"))
                    .containsExactly(app + ".web." + release + ".1.g0"));
  }

  /** Asks and follows the deployment to its end, as the command does. */
  private JsonPath finish(String app, String path, String body) {
    String id = post(app, path, body).getString("id");
    JsonPath now = deployment(app, id);
    for (int rounds = 0; rounds < 20; rounds++) {
      if (List.of("done", "failed").contains(now.getString("state"))) {
        return now;
      }
      now =
          caller
              .admin()
              .get("/v1/apps/" + app + "/deployments/" + id + "?wait=5")
              .then()
              .extract()
              .jsonPath();
    }
    throw new AssertionError("never ended: " + now.prettify());
  }
}
