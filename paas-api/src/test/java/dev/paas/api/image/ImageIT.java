package dev.paas.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.FakeRuntime;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class ImageIT {

  @Inject Caller caller;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @ParameterizedTest
  @ValueSource(strings = {"paas/stack:latest", "paas/stack", "docker.io/paas/stack:latest"})
  void theImageThatBuildpacksBeginWithStays(String ref) {
    caller
        .admin()
        .delete("/v1/images?ref=" + ref)
        .then()
        .statusCode(409)
        .body("code", equalTo("image.in-use"));
  }

  private ValidatableResponse load(RequestSpecification as, String query) {
    return as.contentType(ContentType.BINARY)
        .body(new byte[] {1, 2, 3})
        .post("/v1/images/archive" + query)
        .then();
  }

  @Test
  void whatAUserLoadsIsNamedSeenAndSavedByThatUserAlone() {
    load(caller.user("img-ann"), "?name=tools:1")
        .statusCode(201)
        .body("[0].names", equalTo(List.of("img-ann/tools:1")));
    load(caller.user("img-ann"), "")
        .statusCode(201)
        .body("[0].names[0]", equalTo("img-ann/loaded:1"));
    caller
        .user("img-ann")
        .get("/v1/images")
        .then()
        .body("names.flatten()", hasItems("img-ann/tools:1", "img-ann/loaded:1"));
    String archive =
        caller
            .user("img-ann")
            .accept(ContentType.ANY)
            .get("/v1/images/archive?ref=img-ann/tools:1&format=oci")
            .then()
            .statusCode(200)
            .extract()
            .asString();
    assertThat(archive).startsWith("OCI_LAYOUT sha256:").endsWith(" [img-ann/tools:1]");
    for (String path : List.of("archive", "details")) {
      caller
          .user("img-bob")
          .accept(ContentType.ANY)
          .get("/v1/images/" + path + "?ref=img-ann/tools:1")
          .then()
          .statusCode(404)
          .body("code", equalTo("image.not-found"));
    }
    caller
        .user("img-bob")
        .get("/v1/images")
        .then()
        .body("names.flatten()", not(hasItem(containsString("tools"))));
    caller
        .user("img-ann")
        .get("/v1/images/details?ref=img-ann/tools:1")
        .then()
        .statusCode(200)
        .body("os", equalTo("linux"))
        .body("history[0].createdBy", equalTo("RUN make"));
  }

  @Test
  void aUserNamesAndRemovesOwnImagesOnly() {
    load(caller.user("img-cat"), "?name=img-cat/tools:1").statusCode(201);
    caller
        .user("img-cat")
        .body(Map.of("ref", "img-cat/tools:1", "name", "img-cat/more:2"))
        .post("/v1/images/tag")
        .then()
        .statusCode(200)
        .body("names", equalTo(List.of("img-cat/more:2")));
    caller
        .user("img-cat")
        .body(Map.of("ref", "img-cat/tools:1", "name", "img-ann/more:2"))
        .post("/v1/images/tag")
        .then()
        .statusCode(403)
        .body("code", equalTo("image.not-yours"));
    load(caller.user("img-cat"), "?name=users/img-ann/x").statusCode(403);
    caller.user("img-dan").delete("/v1/images?ref=img-cat/more:2").then().statusCode(403);
    caller.user("img-cat").delete("/v1/images?ref=img-cat/more:2").then().statusCode(204);
    caller.user("img-cat").delete("/v1/images?ref=img-cat/more:2").then().statusCode(404);
  }

  @Test
  void anAdminNamesFreelyAndSeesAll() {
    load(caller.admin(), "?name=base:9").statusCode(201).body("[0].names[0]", equalTo("base:9"));
    load(caller.user("img-eve"), "?name=tools:1").statusCode(201);
    caller
        .admin()
        .accept(ContentType.ANY)
        .get("/v1/images/archive?ref=users/img-eve/tools:1")
        .then()
        .statusCode(200)
        .body(startsWith("DOCKER_ARCHIVE"));
    caller
        .admin()
        .accept(ContentType.ANY)
        .get("/v1/images/archive?ref=base:9&format=zip")
        .then()
        .statusCode(400)
        .body("code", equalTo("image.bad-format"));
  }

  @Test
  void aNameBeyondTheQuotaLeadsAgainToWhatItLedToBefore() {
    load(caller.user("img-fay"), "?name=a:1").statusCode(201);
    load(caller.user("img-fay"), "?name=b:1").statusCode(201);
    tag("img-fay/a:1", "img-fay/x:1").statusCode(200);
    String before = digest("img-fay/x:1");
    caller
        .admin()
        .body(Map.of("disk", "2MiB"))
        .put("/v1/quota?user=img-fay")
        .then()
        .statusCode(200);
    runtime().disk(1 << 20, 0);
    try {
      tag("img-fay/b:1", "img-fay/x:1").body("code", equalTo("quota.disk"));
      tag("img-fay/b:1", "img-fay/new:1").body("code", equalTo("quota.disk"));
    } finally {
      runtime().disk(0, 0);
    }
    assertThat(digest("img-fay/x:1")).isEqualTo(before);
    assertThat(digest("img-fay/b:1")).isNotEqualTo(before);
    caller.user("img-fay").get("/v1/images/details?ref=img-fay/new:1").then().statusCode(404);
  }

  private ValidatableResponse tag(String ref, String name) {
    return caller
        .user("img-fay")
        .body(Map.of("ref", ref, "name", name))
        .post("/v1/images/tag")
        .then();
  }

  private String digest(String ref) {
    return caller
        .user("img-fay")
        .get("/v1/images/details?ref=" + ref)
        .then()
        .statusCode(200)
        .extract()
        .path("digest");
  }

  private FakeRuntime runtime() {
    return Objects.requireNonNull(given).runtime();
  }

  @Test
  void whatAUserPullsIsNamedAsTheirs() {
    caller
        .user("img-gil")
        .body(Map.of("ref", "quay.io/team/x:1"))
        .post("/v1/images/pull")
        .then()
        .statusCode(200)
        .body(containsString("1 of 1 layers"))
        .body(containsString("img-gil/quay.io/team/x:1"));
    caller
        .user("img-hal")
        .get("/v1/images/details?ref=users/img-gil/quay.io/team/x:1")
        .then()
        .statusCode(404);
  }
}
