package dev.paas.api.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.identity.User;
import dev.paas.api.store.Store;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class RegistryLoginIT {

  @Inject Caller caller;
  @Inject RegistryLogins logins;
  @Inject Store store;
  @Inject PlatformSettings settings;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @Test
  void aLoginIsSealedAndItsUsersAlone() {
    caller
        .user("reg-ann")
        .body(Map.of("host", "GHCR.io", "username", "ann", "password", "first"))
        .post("/v1/registries")
        .then()
        .statusCode(201)
        .body("host", equalTo("ghcr.io"));
    caller
        .user("reg-ann")
        .body(Map.of("host", "ghcr.io", "username", "ann", "password", "the-secret"))
        .post("/v1/registries")
        .then()
        .statusCode(201)
        .body(not(containsString("the-secret")));
    caller
        .user("reg-ann")
        .get("/v1/registries")
        .then()
        .body("$", hasSize(1))
        .body("[0].username", equalTo("ann"))
        .body(not(containsString("the-secret")));
    caller.user("reg-bob").get("/v1/registries").then().body("$", hasSize(0));
    User ann = new User("reg-ann", false);
    assertThat(logins.of(ann, "ghcr.io/ann/shop:1").password()).isEqualTo("the-secret");
    assertThat(logins.of(ann, "ghcr.io/ann/shop:1").toString()).doesNotContain("the-secret");
    assertThat(logins.of(ann, "quay.io/ann/shop:1")).isEqualTo(RegistryLogins.Secret.NONE);
    assertThat(logins.of(new User("reg-bob", false), "ghcr.io/ann/shop:1"))
        .isEqualTo(RegistryLogins.Secret.NONE);
    String sealed =
        store.read(
            () -> RegistryLoginRow.<RegistryLoginRow>find("owner", "reg-ann").firstResult().sealed);
    assertThat(sealed).doesNotContain("the-secret");
    caller.user("reg-bob").delete("/v1/registries?host=ghcr.io").then().statusCode(404);
    caller.user("reg-ann").delete("/v1/registries?host=ghcr.io").then().statusCode(204);
    assertThat(logins.of(ann, "ghcr.io/ann/shop:1")).isEqualTo(RegistryLogins.Secret.NONE);
  }

  @Test
  void dockersHubHasOneNameHoweverItIsWritten() {
    caller
        .user("reg-cat")
        .body(Map.of("host", "index.docker.io", "username", "cat", "password", "x"))
        .post("/v1/registries")
        .then()
        .statusCode(201)
        .body("host", equalTo("docker.io"));
    User cat = new User("reg-cat", false);
    for (String image :
        new String[] {"debian", "cat/x:1", "docker.io/cat/x", "index.docker.io/x"}) {
      assertThat(logins.of(cat, image).username()).as(image).isEqualTo("cat");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "https://ghcr.io,ann,x,registry.bad-host",
    "ghcr.io/ann,ann,x,registry.bad-host",
    "ghcr.io,a:b,x,registry.bad-login",
    "ghcr.io,'',x,registry.bad-login",
    "ghcr.io,ann,'',registry.bad-login",
  })
  void whatIsNoLoginIsRefused(String host, String username, String password, String code) {
    caller
        .user("reg-dan")
        .body(Map.of("host", host, "username", username, "password", password))
        .post("/v1/registries")
        .then()
        .statusCode(400)
        .body("code", equalTo(code));
  }

  @Test
  void pullsAndPushesShowTheLoginOfTheirRegistryAndNoOther() {
    caller
        .user("reg-dan")
        .body(Map.of("host", "ghcr.io", "username", "dan", "password", "dans-secret"))
        .post("/v1/registries")
        .then()
        .statusCode(201);
    assertThat(shownTo("pull", Map.of("ref", "ghcr.io/dan/x:1"))).isEqualTo("dan:dans-secret");
    assertThat(shownTo("pull", Map.of("ref", "quay.io/dan/x:1"))).isEqualTo(":");
    assertThat(
            shownTo(
                "pull", Map.of("ref", "ghcr.io/dan/x:1", "username", "eve", "password", "other")))
        .isEqualTo("eve:other");
    Map<String, String> push =
        Map.of("ref", "reg-dan/ghcr.io/dan/x:1", "target", "ghcr.io/dan/y:1");
    assertThat(shownTo("push", push)).isEqualTo("dan:dans-secret");
  }

  private String shownTo(String what, Map<String, String> body) {
    caller
        .user("reg-dan")
        .body(body)
        .post("/v1/images/" + what)
        .then()
        .statusCode(200)
        .body(not(containsString("problem")))
        .body(not(containsString("dans-secret")));
    List<String> logins = Objects.requireNonNull(given).runtime().logins();
    return logins.get(logins.size() - 1);
  }

  @Test
  void aUserKeepsAsManyLoginsAsTheSettingSays() {
    int most = settings.images().logins();
    for (int i = 0; i <= most; i++) {
      caller
          .user("reg-fay")
          .body(Map.of("host", "r" + i + ".example.org", "username", "fay", "password", "x"))
          .post("/v1/registries")
          .then()
          .statusCode(i < most ? 201 : 409);
    }
    caller
        .user("reg-fay")
        .body(Map.of("host", "r0.example.org", "username", "fay", "password", "newer"))
        .post("/v1/registries")
        .then()
        .statusCode(201);
  }

  @Test
  void aPushNamesItsRegistry() {
    caller
        .admin()
        .body(Map.of("ref", "nothing:1"))
        .post("/v1/images/push")
        .then()
        .statusCode(404)
        .body("code", equalTo("image.not-found"));
  }
}
