package dev.paas.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.runtime.ImageStore;
import dev.paas.api.store.Store;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class RunImageIT {

  @Inject Caller caller;
  @Inject RunImages runs;
  @Inject ImageStore images;
  @Inject Store store;
  @Inject Clock clock;
  @Inject PlatformSettings settings;

  private ValidatableResponse fetch(String user, String ref) {
    return caller
        .user(user)
        .body(Map.of("ref", ref))
        .post("/v1/images/runs")
        .then()
        .statusCode(200);
  }

  private void unusedFor(String owner, Duration time) {
    store.write(
        () ->
            RunImageRow.update("usedAt = ?1 where owner = ?2", clock.instant().minus(time), owner));
  }

  @Test
  void anImageIsPulledOnceAndRemovedByItsUser() {
    fetch("run-ann", "quay.io/a/b:1").body(containsString("run-ann/run/quay.io/a/b:1"));
    fetch("run-ann", "quay.io/a/b:1").body(not(containsString("progress")));
    caller.user("run-bob").get("/v1/images/prune").then().body("$", hasSize(0));
    caller
        .user("run-ann")
        .get("/v1/images/prune")
        .then()
        .statusCode(200)
        .body("$", hasSize(1))
        .body("[0].name", equalTo("run-ann/run/quay.io/a/b:1"));
    assertThat(images.find("users/run-ann/run/quay.io/a/b:1")).isPresent();
    caller.user("run-ann").post("/v1/images/prune").then().statusCode(200).body("$", hasSize(1));
    assertThat(images.find("users/run-ann/run/quay.io/a/b:1")).isEmpty();
    caller.user("run-ann").get("/v1/images/prune").then().body("$", hasSize(0));
  }

  @Test
  void anAdminsIsPulledToBeRunAlone() {
    caller
        .admin()
        .body(Map.of("ref", "quay.io/admin/b:1"))
        .post("/v1/images/runs")
        .then()
        .statusCode(200)
        .body(containsString("/run/quay.io/admin/b:1"));
    assertThat(images.find("quay.io/admin/b:1")).isEmpty();
    caller.admin().post("/v1/images/prune").then().statusCode(200).body("$", hasSize(1));
  }

  @Test
  void whatNobodyRunsIsCollectedAndWhatSomebodyRunsStays() {
    fetch("run-cat", "quay.io/old:1");
    unusedFor("run-cat", settings.images().runKept().plusSeconds(1));
    fetch("run-cat", "quay.io/new:1");
    fetch("run-dan", "quay.io/old:1");
    unusedFor("run-dan", settings.images().runKept().minusMinutes(1));
    runs.collect();
    assertThat(images.find("users/run-cat/run/quay.io/old:1")).isEmpty();
    assertThat(images.find("users/run-cat/run/quay.io/new:1")).isPresent();
    assertThat(images.find("users/run-dan/run/quay.io/old:1")).isPresent();
  }

  @Test
  void aUserHasSoManyOfThemAndTheLongestUnusedGoes() {
    int most = settings.images().runImages();
    RequestSpecification eve = caller.user("run-eve");
    for (int i = 0; i <= most; i++) {
      eve.body(Map.of("ref", "quay.io/x:" + i)).post("/v1/images/runs").then().statusCode(200);
    }
    assertThat(images.find("users/run-eve/run/quay.io/x:0")).isEmpty();
    assertThat(images.find("users/run-eve/run/quay.io/x:1")).isPresent();
    eve.post("/v1/images/prune").then().body("$", hasSize(most));
  }

  @Test
  void aPullWithoutANameIsRefused() {
    caller.user("run-fox").body(Map.of()).post("/v1/images/runs").then().statusCode(400);
  }

  @Test
  void whatMakesBuildsFasterIsShownAndForgotten() {
    caller.user("run-gus").get("/v1/builds/cache").then().statusCode(200);
    caller.user("run-gus").delete("/v1/builds/cache").then().statusCode(204);
    caller
        .user("run-gus")
        .get("/v1/builds/cache")
        .then()
        .body("bytes", equalTo(0))
        .body("fetched", equalTo(0));
  }
}
