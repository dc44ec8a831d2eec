package dev.paas.api.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import dev.paas.api.access.Subject;
import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.domain.Domains;
import dev.paas.api.identity.User;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ExtractableResponse;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class AppsIT {

  @Inject Caller caller;
  @Inject Apps apps;
  @Inject Domains domains;
  @Inject Cleaner cleaner;

  /** Stands for what later steps keep of an app. */
  @Singleton
  static final class Cleaner implements AppCleaner {
    final List<AppName> cleaned = new CopyOnWriteArrayList<>();
    final AtomicInteger failures = new AtomicInteger();

    @Override
    public int order() {
      return 1;
    }

    @Override
    public void clean(AppName app) {
      if (failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw Problem.of(Kind.UNAVAILABLE, "runtime.unavailable", "away", "wait").asException();
      }
      cleaned.add(app);
    }
  }

  @Test
  void anAppIsCreatedOnceAndListed() {
    create("shop")
        .then()
        .statusCode(201)
        .body("name", equalTo("shop"), "domains", contains("shop.apps.test"));
    create("shop").then().statusCode(409).body("code", equalTo("app.exists"));
    caller.admin().get("/v1/apps").then().body("name", hasItem("shop"));
    caller.admin().get("/v1/apps/shpo").then().statusCode(404).body("fix", containsString("shop"));
  }

  @Test
  void badNamesAreRefused() {
    create("Shop").then().statusCode(400).body("code", equalTo("app.bad-name"));
    create("api").then().statusCode(400).body("code", equalTo("app.reserved-name"));
    caller
        .admin()
        .body("{}")
        .post("/v1/apps")
        .then()
        .statusCode(400)
        .body("code", equalTo("app.bad-name"));
    caller
        .admin()
        .get("/v1/apps/NO_name")
        .then()
        .statusCode(400)
        .body("code", equalTo("app.bad-name"));
  }

  @Test
  void anothersAppIsAnsweredLikeOneThatDoesNotExist() {
    create("private").then().statusCode(201);
    ExtractableResponse<Response> foreign =
        caller.user("dora").get("/v1/apps/private").then().extract();
    ExtractableResponse<Response> unknown =
        caller.user("dora").get("/v1/apps/privatf").then().extract();
    assertThat(foreign.statusCode()).isEqualTo(404).isEqualTo(unknown.statusCode());
    assertThat(foreign.body().asString())
        .isEqualTo(unknown.body().asString().replace("privatf", "private"));
    caller.user("dora").get("/v1/apps").then().body("name", not(hasItem("private")));
    caller.user("dora").delete("/v1/apps/private").then().statusCode(404);
    caller
        .user("dora")
        .body("{\"set\":{\"A\":\"1\"}}")
        .patch("/v1/apps/private/config")
        .then()
        .statusCode(404);
    caller.user("dora").get("/v1/apps/private/config").then().statusCode(404);
    caller.user("dora").get("/v1/apps/private/domains").then().statusCode(404);
  }

  @Test
  void aDestroyedAppIsGoneAndItsNameIsFree() {
    create("shortlived");
    caller
        .admin()
        .body("{\"set\":{\"A\":\"1\"}}")
        .patch("/v1/apps/shortlived/config")
        .then()
        .statusCode(200);
    caller
        .admin()
        .body("{\"host\":\"short.example.com\"}")
        .post("/v1/apps/shortlived/domains")
        .then()
        .statusCode(201);
    caller.admin().delete("/v1/apps/shortlived").then().statusCode(204);
    assertThat(cleaner.cleaned).contains(new AppName("shortlived"));
    caller.admin().get("/v1/apps/shortlived").then().statusCode(404);
    create("shortlived").then().statusCode(201);
    caller.admin().get("/v1/apps/shortlived/config").then().body("version", equalTo(0));
    create("heir");
    caller
        .admin()
        .body("{\"host\":\"short.example.com\"}")
        .post("/v1/apps/heir/domains")
        .then()
        .statusCode(201);
  }

  @Test
  void aDestructionThatCannotGoOnSaysSoAndFinishesByItself() {
    create("stubborn");
    cleaner.failures.set(2);
    caller
        .admin()
        .delete("/v1/apps/stubborn")
        .then()
        .statusCode(503)
        .body("code", equalTo("runtime.unavailable"));
    caller.admin().get("/v1/apps/stubborn").then().statusCode(404);
    Awaitility.await().untilAsserted(() -> assertThat(apps.marked()).isEmpty());
    create("stubborn").then().statusCode(201);
  }

  @Test
  void aHostBelongsToOneApp() {
    create("first");
    create("second");
    caller
        .admin()
        .body("{\"host\":\"WWW.Example.com.\"}")
        .post("/v1/apps/first/domains")
        .then()
        .statusCode(201)
        .body("host", equalTo("www.example.com"), "builtIn", equalTo(false));
    caller
        .admin()
        .body("{\"host\":\"www.example.com\"}")
        .post("/v1/apps/second/domains")
        .then()
        .statusCode(409)
        .body("code", equalTo("domain.taken"));
    caller
        .admin()
        .body("{\"host\":\"first.apps.test\"}")
        .post("/v1/apps/second/domains")
        .then()
        .statusCode(400)
        .body("code", equalTo("domain.reserved"));
    assertThat(domains.of(new AppName("first")))
        .containsExactly("first.apps.test", "www.example.com");
    caller.admin().delete("/v1/apps/first/domains/first.apps.test").then().statusCode(400);
    caller
        .admin()
        .delete("/v1/apps/first/domains/ww.example.com")
        .then()
        .statusCode(404)
        .body("fix", containsString("www"));
    caller.admin().delete("/v1/apps/first/domains/www.example.com").then().statusCode(204);
    caller.admin().get("/v1/apps/first/domains").then().body("host", contains("first.apps.test"));
  }

  @Test
  void aUserSeesOwnAppsAndAnAdminAll() {
    User eve = new User("eve", false);
    caller.user("eve").body("{\"name\":\"eves\"}").post("/v1/apps").then().statusCode(201);
    assertThat(apps.list(Subject.unlimited(eve)))
        .extracting(app -> app.name().value())
        .containsExactly("eves");
    caller.admin().get("/v1/apps").then().body("name", hasItem("eves"));
  }

  private Response create(String name) {
    return caller.admin().body(Map.of("name", name)).post("/v1/apps");
  }
}
