package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import dev.paas.api.fake.FakeDaemons;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.repository.Repositories;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deploys without git through the whole control plane. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class UploadIT {

  @Inject Caller caller;
  @Inject SshListener ssh;
  @Inject Repositories repositories;
  @Inject PlatformSettings settings;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @TempDir Path folder;

  @AfterEach
  void behaveAgain() {
    Objects.requireNonNull(given).runtime().buildsFail(false);
  }

  @Test
  void filesAreDeployedAndOldOnesAreNotBuiltAgain() throws Exception {
    create("folder");
    String first = deployed("folder", "one", "");
    assertThat(first)
        .contains("Static site detected", "made it", "Application deployed:")
        .contains("\"problem\":null");
    assertThat(deployed("folder", "two", "")).contains("made it");
    assertThat(deployed("folder", "one", ""))
        .contains("without a build", "Build 1 made the image")
        .contains("Application deployed:")
        .doesNotContain("made it");
    assertThat(deployed("folder", "one", "?rebuild=true")).contains("made it");

    caller
        .admin()
        .get("/v1/apps/folder/builds")
        .then()
        .body("state", equalTo(Collections.nCopies(4, "succeeded")));
    caller.admin().get("/v1/apps/folder").then().body("release", equalTo("v4"));
    caller.admin().get("/v1/audit?app=folder").then().body("kind", hasItem("push"));
  }

  @Test
  void whatWasDeployedLastIsBuiltAgain() throws Exception {
    create("again");
    assertThat(caller.admin().post("/v1/apps/again/redeploy").then().extract().asString())
        .contains("upload.nothing-deployed");
    deployed("again", "one", "");
    assertThat(caller.admin().post("/v1/apps/again/redeploy").then().extract().asString())
        .contains("made it", "Application deployed:", "\"problem\":null");
    caller.admin().get("/v1/apps/again").then().body("release", equalTo("v2"));
    caller.user("mallory").post("/v1/apps/again/redeploy").then().statusCode(404);
  }

  @Test
  void filesWhoseImageIsGoneAreBuiltAgain() throws Exception {
    create("taken");
    deployed("taken", "one", "");
    caller
        .admin()
        .queryParam("ref", "apps/taken:build-1")
        .delete("/v1/images")
        .then()
        .statusCode(204);
    assertThat(deployed("taken", "one", ""))
        .contains("made it", "Application deployed:")
        .doesNotContain("without a build");
  }

  @Test
  void gitGoesOnFromWhatWasDeployedWithoutIt() throws Exception {
    create("both");
    deployed("both", "one", "");
    Workplace place = new Workplace(folder.resolve("place"), ssh.port());
    caller
        .admin()
        .body(Map.of("name", "k" + System.nanoTime(), "key", place.publicKey()))
        .post("/v1/keys")
        .then()
        .statusCode(201);
    Path site = place.site("both", "by git");
    assertThat(place.git(site, "fetch", "-q", "paas").code()).isZero();
    assertThat(place.git(site, "log", "--format=%an", "paas/main").output()).contains("admin");
    assertThat(place.git(site, "push", "-f", "paas", "main").output())
        .contains("Application deployed:");
    assertThat(deployed("both", "by tar", "")).contains("Application deployed:");
    assertThat(place.git(site, "fetch", "-q", "paas").code()).isZero();
    assertThat(place.git(site, "log", "--format=%s", "paas/main").output())
        .contains("Deploy files of", "change");
  }

  @Test
  void aBuildThatFailsIsTheLastLineAndChangesNothing() throws Exception {
    create("failing");
    deployed("failing", "one", "");
    Objects.requireNonNull(given).runtime().buildsFail(true);
    String lines = deployed("failing", "two", "");
    assertThat(lines.lines().toList().get((int) lines.lines().count() - 1))
        .contains("\"code\":\"build.step-failed\"");
    caller.admin().get("/v1/apps/failing/releases").then().body("version", contains("v1"));
  }

  @Test
  void whatMayNotOrCanNotBeDeployedLeavesNothing() throws Exception {
    create("spared");
    byte[] tar = tar("one");
    assertThat(post(caller.user("mallory"), "spared", tar, "").statusCode()).isEqualTo(404);
    Response garbage =
        post(caller.admin(), "spared", "no tar ".repeat(500).getBytes(StandardCharsets.UTF_8), "");
    assertThat(new JsonPath(garbage.asString()).getString("code")).isEqualTo("image.bad-archive");
    Response nothing = post(caller.admin(), "spared", new byte[1024], "");
    assertThat(new JsonPath(nothing.asString()).getString("code")).isEqualTo("upload.empty");
    assertThat(arrivals()).isEmpty();
    caller.admin().get("/v1/apps/spared/builds").then().body("size()", equalTo(0));
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws Exception {
    create("broken-off");
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
      String head =
          "POST /v1/apps/broken-off/deploy HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
              + caller.adminToken()
              + "\r\nContent-Type: application/x-tar\r\nContent-Length: 1000000\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.UTF_8));
      socket.getOutputStream().write(tar("one"));
      socket.getOutputStream().flush();
      await().until(() -> !arrivals().isEmpty());
    }
    await().until(() -> arrivals().isEmpty());
    // The place among readers is given back, and the repository's permit.
    assertThat(deployed("broken-off", "one", "")).contains("Application deployed:");
    await().until(() -> repositories.tidy(new AppName("broken-off")));
  }

  @Test
  void buildSettingsSayWhatIsBuiltFromTheNextPushOn() throws Exception {
    create("settled");
    caller
        .admin()
        .body(Map.of("set", Map.of("folder", "web/", "branch", "stable")))
        .patch("/v1/apps/settled/build")
        .then()
        .statusCode(200)
        .body("settings", equalTo(Map.of("folder", "web", "branch", "stable")));
    assertThat(deployed("settled", "one", "")).contains("build.no-folder");
    caller
        .admin()
        .body(Map.of("unset", List.of("folder")))
        .patch("/v1/apps/settled/build")
        .then()
        .statusCode(200);
    assertThat(deployed("settled", "one", "")).contains("Application deployed:");
    assertThat(repositories.read(new AppName("settled"), "refs/heads/stable")).isPresent();
    assertThat(repositories.read(new AppName("settled"), "refs/heads/main")).isEmpty();

    caller
        .admin()
        .body(Map.of("set", Map.of("target", "release", "dockerfile", "Dockerfile.prod")))
        .patch("/v1/apps/settled/build")
        .then()
        .statusCode(200);
    assertThat(deployed("settled", "one", ""))
        .as("other settings, so no earlier build")
        .contains("build.no-dockerfile");
    caller
        .admin()
        .body(Map.of("set", Map.of("colour", "red")))
        .patch("/v1/apps/settled/build")
        .then()
        .statusCode(400)
        .body("code", equalTo("build.unknown-setting"));
    caller.user("mallory").get("/v1/apps/settled/build").then().statusCode(404);
    caller.admin().get("/v1/audit?app=settled").then().body("kind", hasItem("build.change"));
  }

  private void create(String app) {
    caller.admin().body(Map.of("name", app)).post("/v1/apps").then().statusCode(201);
  }

  private String deployed(String app, String text, String query)
      throws IOException, InterruptedException {
    Response answer = post(caller.admin(), app, tar(text), query);
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
    return answer.asString();
  }

  private static Response post(RequestSpecification as, String app, byte[] tar, String query) {
    return as.contentType("application/octet-stream")
        .body(tar)
        .post("/v1/apps/" + app + "/deploy" + query);
  }

  /** A site of one page, packed by the tar of this machine. */
  private byte[] tar(String text) throws IOException, InterruptedException {
    Path site = Files.createDirectories(folder.resolve("site"));
    Files.writeString(site.resolve("index.html"), text);
    Process tar =
        new ProcessBuilder("tar", "-C", site.toString(), "-cz", ".")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    byte[] bytes = tar.getInputStream().readAllBytes();
    assertThat(tar.waitFor()).isZero();
    return bytes;
  }

  private List<Path> arrivals() throws IOException {
    Path arriving = settings.platform().data().resolve("git/.arriving");
    if (!Files.isDirectory(arriving)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(arriving)) {
      return files.toList();
    }
  }
}
