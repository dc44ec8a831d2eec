package dev.paas.api.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images that an app runs without having built them. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class ImageDeployIT {

  @Inject Caller caller;
  @Inject PlatformSettings settings;

  @TempDir Path folder;

  @Test
  void anImageIsDeployedWithoutABuildAndGoneBackTo() throws Exception {
    String first = built("made-one", "one");
    String second = built("made-two", "two");
    create("runs-them");
    deploy("runs-them", "apps/made-one:build-1").statusCode(202).body("kind", equalTo("image"));
    serves("runs-them", "v1");
    deploy("runs-them", "apps/made-two:build-1").statusCode(202);
    serves("runs-them", "v2");
    caller.admin().body(Map.of("to", "v1")).post("/v1/apps/runs-them/rollback");
    serves("runs-them", "v3");

    JsonPath releases = caller.admin().get("/v1/apps/runs-them/releases").jsonPath();
    assertThat(releases.getList("image")).isEqualTo(List.of(first, second, first));
    assertThat(releases.getList("description"))
        .contains("Deploy image apps/made-one:build-1", "Rollback to v1");
    caller.admin().get("/v1/apps/runs-them/builds").then().body("size()", equalTo(0));
    assertThat(names()).contains("apps/runs-them:image-" + first.substring("sha256:".length()));
    caller.admin().get("/v1/audit?app=runs-them").then().body("kind", hasItem("deploy.image"));
  }

  @Test
  void whatNoReleaseRunsAnyMoreLosesItsName() throws Exception {
    create("forgets");
    String first = "";
    for (int i = 1; i <= settings.deploy().releasesKept() + 1; i++) {
      String image = built("old-" + i, "page " + i);
      first = i == 1 ? image : first;
      deploy("forgets", "apps/old-" + i + ":build-1").statusCode(202);
      serves("forgets", "v" + i);
    }
    String name = "apps/forgets:image-" + first.substring("sha256:".length());
    await().until(() -> !names().contains(name));
    caller
        .admin()
        .body(Map.of("to", "v1"))
        .post("/v1/apps/forgets/rollback")
        .then()
        .statusCode(422)
        .body("code", equalTo("release.image-gone"));
  }

  @Test
  void whatIsNotThereOrNotOpenIsNotDeployed() throws Exception {
    built("somebodys", "one");
    create("wants");
    deploy("wants", "nowhere:1").statusCode(404).body("code", equalTo("image.not-found"));
    deploy("wants", "").statusCode(400).body("code", equalTo("image.no-name"));
    caller
        .user("mallory")
        .body(Map.of("ref", "apps/somebodys:build-1"))
        .post("/v1/apps/wants/deploy/image")
        .then()
        .statusCode(404);
    caller.user("mallory").body(Map.of("name", "mallorys")).post("/v1/apps").then().statusCode(201);
    caller
        .user("mallory")
        .body(Map.of("ref", "apps/somebodys:build-1"))
        .post("/v1/apps/mallorys/deploy/image")
        .then()
        .statusCode(404)
        .body("code", equalTo("image.not-found"));
  }

  private void create(String app) {
    caller.admin().body(Map.of("name", app)).post("/v1/apps").then().statusCode(201);
  }

  private ValidatableResponse deploy(String app, String ref) {
    return caller.admin().body(Map.of("ref", ref)).post("/v1/apps/" + app + "/deploy/image").then();
  }

  private void serves(String app, String release) {
    await()
        .until(
            () -> release.equals(caller.admin().get("/v1/apps/" + app).jsonPath().get("release")));
  }

  private List<String> names() {
    return caller.admin().get("/v1/images").jsonPath().getList("names.flatten()");
  }

  /** An app that was built; answers with its image. */
  private String built(String app, String text) throws IOException, InterruptedException {
    create(app);
    Path site = Files.createDirectories(folder.resolve(app));
    Files.writeString(site.resolve("index.html"), text);
    Process tar =
        new ProcessBuilder("tar", "-C", site.toString(), "-c", ".")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] bytes = tar.getInputStream().readAllBytes();
    assertThat(tar.waitFor()).isZero();
    caller
        .admin()
        .contentType("application/octet-stream")
        .body(bytes)
        .post("/v1/apps/" + app + "/deploy")
        .then()
        .statusCode(200);
    serves(app, "v1");
    return caller.admin().get("/v1/apps/" + app + "/releases").jsonPath().getString("image[0]");
  }
}
