package dev.paas.api.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.DeploymentRequest;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.MemoryScheduler.Behaviour;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.release.ProcessSpec;
import dev.paas.api.release.Release;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.name.ProcessType;
import dev.paas.base.problem.PaasException;
import dev.paas.builder.procfile.Command;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class QuotaIT {

  @Inject Caller caller;
  @Inject Quotas quotas;
  @Inject Store store;
  @Inject Releases releases;
  @Inject Deployments deployments;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @Test
  void whoHasAllTheirAppsGetsNoMoreAndIsToldTheLimitAndWhomToAsk() {
    RequestSpecification ann = caller.user("quota-ann");
    set("quota-ann", Map.of("apps", "2"));
    assertThat(create(caller.user("quota-ann"), "q-ann-1")).isEqualTo(201);
    assertThat(create(caller.user("quota-ann"), "q-ann-2")).isEqualTo(201);
    ann.body(Map.of("name", "q-ann-3"))
        .post("/v1/apps")
        .then()
        .statusCode(422)
        .body("code", equalTo("quota.apps"))
        .body("value", equalTo("3 of 2"))
        .body("fix", containsString("admin"));
    caller.user("quota-ann").delete("/v1/apps/q-ann-1").then().statusCode(204);
    assertThat(create(caller.user("quota-ann"), "q-ann-3")).isEqualTo(201);
  }

  @Test
  void whoeverIsAboveANewQuotaKeepsWhatTheyHave() {
    caller.user("quota-bob");
    assertThat(create(caller.user("quota-bob"), "q-bob-1")).isEqualTo(201);
    assertThat(create(caller.user("quota-bob"), "q-bob-2")).isEqualTo(201);
    set("quota-bob", Map.of("apps", "1"));
    caller.user("quota-bob").get("/v1/apps/q-bob-2").then().statusCode(200);
    assertThat(create(caller.user("quota-bob"), "q-bob-3")).isEqualTo(422);
    caller
        .user("quota-bob")
        .get("/v1/quota")
        .then()
        .body("user", equalTo("quota-bob"))
        .body("quotas.find{it.name=='apps'}.limit", equalTo("1"))
        .body("quotas.find{it.name=='apps'}.used", equalTo("2"))
        .body("quotas.find{it.name=='apps'}.given", equalTo(true))
        .body("quotas.find{it.name=='memory'}.given", equalTo(false));
    set("quota-bob", Map.of("apps", "default"));
    assertThat(create(caller.user("quota-bob"), "q-bob-3")).isEqualTo(201);
  }

  @Test
  void ofManyAtOnceExactlyTheQuotaIsMade() throws Exception {
    String token = token("quota-many");
    set("quota-many", Map.of("apps", "5"));
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        String name = "q-many-" + i;
        answers.add(pool.submit(() -> create(caller.with(token), name)));
      }
      int made = 0;
      for (Future<Integer> answer : answers) {
        made += answer.get() == 201 ? 1 : 0;
      }
      assertThat(made).isEqualTo(5);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void instancesAndTheirMemoryCountOverAllAppsOfAUser() {
    caller.user("quota-eve");
    set("quota-eve", Map.of("instances", "3"));
    assertThat(create(caller.user("quota-eve"), "q-eve-1")).isEqualTo(201);
    assertThat(create(caller.user("quota-eve"), "q-eve-2")).isEqualTo(201);
    scale("quota-eve", "q-eve-1", 2, 202, null);
    scale("quota-eve", "q-eve-2", 2, 422, "quota.instances");
    scale("quota-eve", "q-eve-2", 1, 202, null);
    scale("quota-eve", "q-eve-1", 3, 422, "quota.instances");
    scale("quota-eve", "q-eve-1", 1, 202, null);
    set("quota-eve", Map.of("memory", "1GiB"));
    scale("quota-eve", "q-eve-1", 2, 422, "quota.memory");
    scale("quota-eve", "q-eve-1", 0, 202, null);
  }

  @Test
  void aScaleCountsWithTheReleaseThatIsOnItsWay() {
    AppName app = new AppName("q-way");
    caller.user("quota-way");
    set("quota-way", Map.of("instances", "3"));
    assertThat(create(caller.user("quota-way"), app.value())).isEqualTo(201);
    FakeDaemons daemons = Objects.requireNonNull(given);
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    String image = daemons.runtime().addImage("apps/q-way:v1");
    SortedMap<ProcessType, ProcessSpec> processes =
        ProcessSpec.table(
            new TreeMap<>(
                Map.of(
                    ProcessType.WEB,
                    Command.shell("a"),
                    new ProcessType("mail"),
                    Command.shell("b"),
                    new ProcessType("sync"),
                    Command.shell("c"))));
    try {
      store.write(
          () -> {
            Release release =
                releases.create(
                    app,
                    version ->
                        new Release(
                            app,
                            version,
                            image,
                            0,
                            processes,
                            Release.DEFAULT_PORT,
                            "c",
                            "quota-way",
                            "Deploy c",
                            Instant.EPOCH));
            Deployment asked =
                deployments.request(app, new DeploymentRequest.Deploy(1), "quota-way");
            deployments.begin(asked, DesiredInstances.of(release, new TreeMap<>()));
          });

      // Its one web instance is not in the formation yet.
      scale("quota-way", app, Map.of("mail", 3), 422);
      scale("quota-way", app, Map.of("mail", 2), 202);
      scale("quota-way", app, Map.of("sync", 1), 422);
      scale("quota-way", app, Map.of("mail", 1, "sync", 1), 202);
    } finally {
      daemons.runtime().instances().behave(Behaviour.LISTEN);
    }
  }

  private void scale(String user, AppName app, Map<String, Integer> processes, int status) {
    caller
        .user(user)
        .body(Map.of("processes", processes))
        .post("/v1/apps/" + app + "/scale")
        .then()
        .statusCode(status);
  }

  @Test
  void anAdminIsNotLimitedAndNobodyElseSetsOrSeesAnothersQuota() {
    caller.admin().get("/v1/quota").then().body("quotas.find{it.name=='apps'}.limit", nullValue());
    quotas.require("admin", Quota.APPS, 0, 1_000_000);
    caller.user("quota-mallory");
    caller
        .user("quota-mallory")
        .body(Map.of("apps", "100"))
        .put("/v1/quota")
        .then()
        .statusCode(403);
    caller.user("quota-mallory").get("/v1/quota?user=admin").then().statusCode(403);
    caller.admin().get("/v1/quota?user=quota-nobody").then().statusCode(404);
  }

  @Test
  void everyQuotaHasItsProblem() {
    caller.user("quota-all");
    for (Quota quota : Quota.values()) {
      set("quota-all", Map.of(quota.text(), "0"));
      quotas.require("quota-all", quota, 5, 5);
      quotas.require("quota-all", quota, 5, 4);
      assertThatThrownBy(() -> quotas.require("quota-all", quota, 0, 1))
          .isInstanceOfSatisfying(
              PaasException.class,
              refused -> assertThat(refused.problem().code()).isEqualTo("quota." + quota.text()));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "apps,-1,quota.bad-value",
    "apps,1.5,quota.bad-value",
    "apps,'',quota.bad-value",
    "apps,99999999999999999999,quota.bad-value",
    "apps,2GiB,quota.bad-value",
    "memory,5,quota.bad-value",
    "memory,99999999999GiB,quota.bad-value",
    "memory,many,quota.bad-value",
    "pets,1,quota.unknown",
  })
  void whatIsNoQuotaIsRefused(String name, String value, String code) {
    caller.user("quota-bad");
    caller
        .admin()
        .body(Map.of(name, value))
        .put("/v1/quota?user=quota-bad")
        .then()
        .statusCode(422)
        .body("code", equalTo(code));
  }

  private void set(String user, Map<String, String> quotas) {
    caller.admin().body(quotas).put("/v1/quota?user=" + user).then().statusCode(200);
  }

  private static int create(RequestSpecification user, String app) {
    return user.body(Map.of("name", app)).post("/v1/apps").statusCode();
  }

  private void scale(String user, String app, int web, int status, @Nullable String code) {
    caller
        .user(user)
        .body(Map.of("processes", Map.of("web", web)))
        .post("/v1/apps/" + app + "/scale")
        .then()
        .statusCode(status)
        .body("code", code == null ? nullValue() : equalTo(code));
  }

  private String token(String user) {
    return caller
        .admin()
        .body(Map.of("name", "quota", "user", user))
        .post("/v1/tokens")
        .then()
        .statusCode(201)
        .extract()
        .path("token");
  }
}
