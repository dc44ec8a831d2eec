package dev.paas.api.access;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import dev.paas.api.audit.Actor;
import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.identity.CommandToken;
import dev.paas.api.identity.Keys;
import dev.paas.api.identity.Tokens;
import dev.paas.api.identity.User;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.key.SshPublicKey;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class AccessIT {

  private static final String OTHER_KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIVnqWAcUQ8YnACvlMMwi6n7asxbBibVNLiz4qPHwXuO";

  @Inject Caller caller;
  @Inject Keys keys;
  @Inject Tokens tokens;
  @Inject PlatformSettings settings;

  @Test
  void theFirstAdminHasTheKeyAndTheTokenFromTheFolder() throws IOException {
    Path token = settings.platform().data().resolve("db/first-admin.token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(token)))
        .isEqualTo("rw-------");
    assertThat(keys.userOf(SshPublicKey.parse(TestPlatform.ADMIN_KEY).fingerprint()))
        .contains(new User("admin", true));
  }

  @Test
  void withoutATokenNothingIsAnsweredButTheVersion() {
    given().get("/v1/version").then().statusCode(200).body("platform", equalTo("apitest"));
    given().get("/v1/apps").then().statusCode(401).body("code", equalTo("access.unauthenticated"));
    given()
        .header("Authorization", "Bearer paas_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
        .get("/v1/apps")
        .then()
        .statusCode(401)
        .contentType("application/problem+json");
    given().header("Authorization", "Basic YTpi").get("/v1/apps").then().statusCode(401);
  }

  @Test
  void aDeletedTokenIsRefusedAtOnce() {
    String token =
        caller
            .admin()
            .body("{\"name\":\"short\"}")
            .post("/v1/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    caller.with(token).get("/v1/apps").then().statusCode(200);
    caller
        .admin()
        .get("/v1/tokens")
        .then()
        .body("find{it.name=='short'}.lastUsedAt", notNullValue());
    caller.admin().delete("/v1/tokens/short").then().statusCode(204);
    caller.with(token).get("/v1/apps").then().statusCode(401);
    caller
        .admin()
        .delete("/v1/tokens/short")
        .then()
        .statusCode(404)
        .body("code", equalTo("token.not-found"));
  }

  @Test
  void anExpiredTokenIsRefused() {
    String token =
        caller
            .admin()
            .body("{\"name\":\"one-second\",\"expiresInSeconds\":1}")
            .post("/v1/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    Awaitility.await()
        .untilAsserted(() -> caller.with(token).get("/v1/apps").then().statusCode(401));
  }

  @Test
  void theDatabaseDoesNotHoldAToken() throws IOException {
    String token =
        caller
            .admin()
            .header("Idempotency-Key", "hidden")
            .body("{\"name\":\"hidden\"}")
            .post("/v1/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    String file =
        Files.readString(
            settings.platform().data().resolve("db/paas.mv.db"), StandardCharsets.ISO_8859_1);
    assertThat(file.contains(token.substring(12))).isFalse();
    assertThat(file).contains(token.substring(0, 12));
  }

  @Test
  void aTokenForACommandDiesWithIt() {
    CommandToken token = tokens.forCommand(new User("admin", true), Actor.PLATFORM);
    caller.with(token.secret()).get("/v1/apps").then().statusCode(200);
    token.close();
    caller.with(token.secret()).get("/v1/apps").then().statusCode(401);
  }

  @Test
  void aKeyBelongsToOneUser() {
    caller
        .admin()
        .body(Map.of("name", "laptop", "key", OTHER_KEY + " bob@laptop", "user", "bob"))
        .post("/v1/keys")
        .then()
        .statusCode(201)
        .body("user", equalTo("bob"), "type", equalTo("ssh-ed25519"));
    caller
        .admin()
        .body(Map.of("name", "mine", "key", OTHER_KEY))
        .post("/v1/keys")
        .then()
        .statusCode(409)
        .body("code", equalTo("key.exists"));
    assertThat(keys.userOf(SshPublicKey.parse(OTHER_KEY).fingerprint()))
        .contains(new User("bob", false));
    caller.admin().get("/v1/keys").then().body("name", not(hasItem("laptop")));
    caller.user("bob").get("/v1/keys").then().body("name", hasItem("laptop"));
    caller.user("bob").delete("/v1/keys/laptop").then().statusCode(204);
    assertThat(keys.userOf(SshPublicKey.parse(OTHER_KEY).fingerprint())).isEmpty();
  }

  @Test
  void onlyAnAdminActsForOthers() {
    caller
        .user("carl")
        .body(Map.of("name", "x", "user", "admin"))
        .post("/v1/tokens")
        .then()
        .statusCode(403)
        .body("code", equalTo("access.forbidden"));
    caller.user("carl").queryParam("user", "admin").get("/v1/keys").then().statusCode(403);
  }

  @Test
  void aTokenOfScopeReadSeesAllButSecretsAndChangesNothing() {
    caller.admin().body(Map.of("name", "looked-at")).post("/v1/apps").then().statusCode(201);
    String token =
        caller
            .admin()
            .body(Map.of("name", "looking", "scope", "read"))
            .post("/v1/tokens")
            .then()
            .statusCode(201)
            .extract()
            .path("token");
    caller.with(token).get("/v1/apps/looked-at").then().statusCode(200);
    caller
        .with(token)
        .get("/v1/apps/looked-at/config")
        .then()
        .statusCode(403)
        .body("code", equalTo("access.read-only"));
    caller
        .with(token)
        .body(Map.of("processes", Map.of("web", 2)))
        .post("/v1/apps/looked-at/scale")
        .then()
        .statusCode(403)
        .body("code", equalTo("access.read-only"));
    caller.with(token).delete("/v1/apps/looked-at").then().statusCode(403);
  }

  @Test
  void whatOnlyAnAdminMayIsRefusedToOthers() {
    caller
        .user("dora")
        .get("/v1/doctor")
        .then()
        .statusCode(403)
        .body("code", equalTo("access.forbidden"));
    caller.user("dora").body(Map.of("apps", "9")).put("/v1/quota").then().statusCode(403);
    caller.user("dora").delete("/v1/images?ref=debian").then().statusCode(403);
  }

  @Test
  void aRequestForWhatAPathTakesIsAnsweredWithoutAFault() {
    assertThat(given().options("/v1/apps").statusCode()).isLessThan(500);
    assertThat(caller.admin().head("/v1/apps").statusCode()).isEqualTo(200);
  }
}
