package dev.paas.api.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.route.Routes;
import dev.paas.base.name.AppName;
import dev.paas.contract.router.Site;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class CertificateIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final TestAuthority AUTHORITY = TestAuthority.named("authority");

  @Inject Caller caller;
  @Inject Challenges challenges;
  @Inject Routes routes;
  @Inject Clock clock;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @Test
  void oneThatIsAddedIsShownAtItsHostsWhichThenSendToHttps() {
    app("cert-ann", "cert-app");
    KeyedChain chain = AUTHORITY.issue("cert-app.apps.test");
    add("cert-ann", "cert-app", chain)
        .statusCode(201)
        .body("fingerprint", equalTo(chain.fingerprint()))
        .body("names", contains("cert-app.apps.test"))
        .body("by", equalTo("CN=authority"))
        .body("origin", equalTo("added"));
    await().atMost(SOON).until(() -> secure("cert-app.apps.test"));
    assertThat(shownAt("cert-app.apps.test")).contains(chain.fingerprint());
    list("cert-ann", "cert-app")
        .body("hosts.find{it.host=='cert-app.apps.test'}.state", equalTo("secure"))
        .body("certificates[0].hosts", contains("cert-app.apps.test"))
        .body("certificates.toString()", not(containsString("PRIVATE")));
    url("cert-app").body("url", equalTo("https://cert-app.apps.test:8443"));

    KeyedChain next = AUTHORITY.issue("*.apps.test");
    add("cert-ann", "cert-app", next).statusCode(201);
    remove("cert-app", chain.fingerprint().substring(0, 8)).statusCode(204);
    await()
        .atMost(SOON)
        .until(() -> shownAt("cert-app.apps.test").equals(Optional.of(next.fingerprint())));
    remove("cert-app", next.fingerprint()).statusCode(204);
    await().atMost(SOON).until(() -> !secure("cert-app.apps.test"));
    await().atMost(SOON).until(() -> shownAt("cert-app.apps.test").isEmpty());
    list("cert-ann", "cert-app")
        .body("certificates", empty())
        .body("hosts[0].state", equalTo("none"));
    url("cert-app").body("url", equalTo("http://cert-app.apps.test:0"));
  }

  private ValidatableResponse url(String app) {
    return caller.admin().get("/v1/apps/" + app).then().statusCode(200);
  }

  @Test
  void theDoctorNamesAHostThatIsAboutToLoseItsCertificate() {
    app("ends-ann", "ends-app");
    Instant now = clock.instant();
    add("ends-ann", "ends-app", until(now.plus(Duration.ofDays(15)), "ends-app.apps.test"))
        .statusCode(201);
    await().atMost(SOON).until(() -> secure("ends-app.apps.test"));
    assertThat(doctor()).doesNotContain("ends-app");
    KeyedChain ending = until(now.plus(Duration.ofDays(13)), "ends-app.apps.test");
    String first = shownAt("ends-app.apps.test").orElseThrow();
    add("ends-ann", "ends-app", ending).statusCode(201);
    remove("ends-app", first).statusCode(204);
    await()
        .atMost(SOON)
        .until(() -> doctor().contains("ends-app.apps.test of ends-app: its certificate ends at "));
    remove("ends-app", ending.fingerprint()).statusCode(204);
  }

  private static KeyedChain until(Instant end, String host) {
    return AUTHORITY.issue(TestAuthority.ec("secp256r1"), TestAuthority.FROM, end, host);
  }

  private String doctor() {
    return caller.admin().get("/v1/doctor").then().statusCode(200).extract().asString();
  }

  @Test
  void anAppsCertificateIsNotShownAtAnothersHost() {
    app("wild-ann", "wild-app");
    app("wild-eve", "wild-evil");
    KeyedChain evil = AUTHORITY.issue("*.apps.test");
    add("wild-eve", "wild-evil", evil).statusCode(201);
    await().atMost(SOON).until(() -> secure("wild-evil.apps.test"));
    assertThat(shownAt("wild-app.apps.test")).isEmpty();
    add("wild-eve", "wild-evil", AUTHORITY.issue("wild-app.apps.test"))
        .statusCode(400)
        .body("code", equalTo("certificate.other-names"));
    caller
        .user("wild-eve")
        .get("/v1/apps/wild-app/certificates")
        .then()
        .statusCode(404)
        .body("code", equalTo("app.not-found"));
    remove("wild-evil", evil.fingerprint()).statusCode(204);
  }

  @Test
  void whatCantBeShownIsNotKept() {
    app("bad-ann", "bad-app");
    KeyedChain good = AUTHORITY.issue("bad-app.apps.test");
    add(
            "bad-ann",
            "bad-app",
            new KeyedChain(good.chain(), TestAuthority.ec("secp256r1").getPrivate()))
        .statusCode(400)
        .body("code", equalTo("certificate.other-key"));
    caller
        .user("bad-ann")
        .body(Map.of("chain", "nonsense", "key", "nonsense"))
        .post("/v1/apps/bad-app/certificates")
        .then()
        .statusCode(400)
        .body("code", equalTo("certificate.bad-chain"));
    caller
        .user("bad-ann")
        .body(Map.of())
        .post("/v1/apps/bad-app/certificates")
        .then()
        .statusCode(400)
        .body("code", equalTo("certificate.bad-chain"));
    list("bad-ann", "bad-app").body("certificates", empty());
    remove("bad-app", "abc").statusCode(404).body("code", equalTo("certificate.not-found"));
  }

  @Test
  void aChallengeIsSaidAtItsHostForAsLongAsItIsShown() {
    app("said-ann", "said-app");
    challenges.show("said-app.apps.test", "token", "token.key");
    await()
        .atMost(SOON)
        .until(() -> site("said-app.apps.test").map(Site::getChallengesCount).orElse(0) == 1);
    challenges.withdraw("said-app.apps.test", "token");
    await()
        .atMost(SOON)
        .until(() -> site("said-app.apps.test").map(Site::getChallengesCount).orElse(1) == 0);
  }

  private void app(String user, String app) {
    caller.user(user).body(Map.of("name", app)).post("/v1/apps").then().statusCode(201);
    routes.serve(new AppName(app), List.of());
    await().atMost(SOON).until(() -> site(app + ".apps.test").isPresent());
  }

  private ValidatableResponse add(String user, String app, KeyedChain content) {
    return caller
        .user(user)
        .body(Map.of("chain", Pem.write(content.chain()), "key", TestAuthority.pem(content.key())))
        .post("/v1/apps/" + app + "/certificates")
        .then();
  }

  private ValidatableResponse remove(String app, String fingerprint) {
    return caller.admin().delete("/v1/apps/" + app + "/certificates/" + fingerprint).then();
  }

  private ValidatableResponse list(String user, String app) {
    return caller.user(user).get("/v1/apps/" + app + "/certificates").then().statusCode(200);
  }

  private FakeDaemons daemons() {
    FakeDaemons daemons = given;
    if (daemons == null) {
      throw new IllegalStateException("no daemons");
    }
    return daemons;
  }

  private Optional<Site> site(String host) {
    return daemons().router().site(host);
  }

  private boolean secure(String host) {
    return site(host).map(Site::getHttpsPort).orElse(0) == 8443;
  }

  private Optional<String> shownAt(String host) {
    return daemons().router().shownAt(host);
  }
}
