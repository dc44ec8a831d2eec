package dev.paas.api.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.fake.FakeNames;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class DomainProofIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @Inject Caller caller;
  @Inject Domains domains;

  /** Injected by the test resource. */
  @Nullable FakeNames given;

  @Test
  void aClaimIsKeptAndNotServedUntilItsAddressIsHere() {
    app("addr-ann", "addr-app");
    claim("addr-ann", "addr-app", "addr.example.org");
    await().atMost(SOON).until(() -> names().wasAsked("addr.example.org", "AAAA"));
    assertThat(hosts("addr-app")).doesNotContain("addr.example.org");
    names().set("addr.example.org", "A", "203.0.113.9", "192.0.2.10");
    await().atMost(SOON).until(() -> hosts("addr-app").contains("addr.example.org"));
    state("addr-ann", "addr-app", "addr.example.org", "active", "dns");
  }

  @Test
  void anAddressOfTheNewerKindCountsAsWell() {
    app("six-ann", "six-app");
    names().set("six.example.org", "AAAA", "2001:db8::10");
    claim("six-ann", "six-app", "six.example.org");
    await().atMost(SOON).until(() -> hosts("six-app").contains("six.example.org"));
  }

  @Test
  void theChallengeInATextRecordIsAProofAndAnothersChallengeIsNone() {
    app("txt-ann", "txt-app");
    app("txt-eve", "txt-evil");
    claim("txt-eve", "txt-evil", "txt.example.org");
    claim("txt-ann", "txt-app", "txt.example.org");
    String anns = challenge("txt-ann", "txt-app", "txt.example.org");
    assertThat(anns).isNotEqualTo(challenge("txt-eve", "txt-evil", "txt.example.org"));
    names().set("_paas-challenge.txt.example.org", "TXT", "v=spf1 -all", anns);
    await().atMost(SOON).until(() -> hosts("txt-app").contains("txt.example.org"));
    state("txt-eve", "txt-evil", "txt.example.org", "pending", null);
    assertThat(hosts("txt-evil")).doesNotContain("txt.example.org");
    // And it stays so when the other's challenge is there as well.
    Domain late = domains.find(new AppName("txt-evil"), "txt.example.org").orElseThrow();
    assertThat(domains.prove(late, "txt")).isFalse();
  }

  @Test
  void anAdminsWordIsAProofAndNobodyElsesIs() {
    app("word-ann", "word-app");
    claim("word-ann", "word-app", "word.example.org");
    caller
        .user("word-ann")
        .post("/v1/apps/word-app/domains/word.example.org/approve")
        .then()
        .statusCode(403);
    caller
        .user("word-ann")
        .body(Map.of("host", "forced.example.org", "force", true))
        .post("/v1/apps/word-app/domains")
        .then()
        .statusCode(403);
    caller
        .admin()
        .post("/v1/apps/word-app/domains/word.example.org/approve")
        .then()
        .statusCode(200)
        .body("state", equalTo("active"), "proof", equalTo("admin"), "challenge", nullValue());
    assertThat(hosts("word-app")).contains("word.example.org").doesNotContain("forced.example.org");
  }

  @Test
  void aHostThatIsProvedIsTakenAndOneThatIsNotIsFree() {
    app("race-ann", "race-app");
    app("race-eve", "race-evil");
    claim("race-eve", "race-evil", "race.example.org");
    claim("race-ann", "race-app", "race.example.org");
    names().set("race.example.org", "A", "192.0.2.10");
    await()
        .atMost(SOON)
        .until(
            () ->
                hosts("race-app").contains("race.example.org")
                    || hosts("race-evil").contains("race.example.org"));
    assertThat(
            hosts("race-app").contains("race.example.org")
                && hosts("race-evil").contains("race.example.org"))
        .isFalse();
    app("race-bob", "race-third");
    caller
        .user("race-bob")
        .body(Map.of("host", "race.example.org"))
        .post("/v1/apps/race-third/domains")
        .then()
        .statusCode(409)
        .body("code", equalTo("domain.taken"));
  }

  @Test
  void aNameServerThatSaysNothingMakesNobodyElseWait() {
    app("mute-eve", "mute-app");
    app("mute-ann", "mute-other");
    for (int i = 0; i < 10; i++) {
      names().silence("mute" + i + ".example.org");
      names().silence("_paas-challenge.mute" + i + ".example.org");
      claim("mute-eve", "mute-app", "mute" + i + ".example.org");
    }
    names().set("loud.example.org", "A", "192.0.2.10");
    claim("mute-ann", "mute-other", "loud.example.org");
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> hosts("mute-other").contains("loud.example.org"));
  }

  @Test
  void claimsThatNobodyProvesAreBounded() {
    app("many-eve", "many-app");
    for (int i = 0; i < 20; i++) {
      claim("many-eve", "many-app", "many" + i + ".example.org");
    }
    caller
        .user("many-eve")
        .body(Map.of("host", "many.example.org"))
        .post("/v1/apps/many-app/domains")
        .then()
        .statusCode(400)
        .body("code", equalTo("domain.too-many-pending"));
    // Again is not one more.
    claim("many-eve", "many-app", "many1.example.org");
  }

  @Test
  void thePauseGrowsWithTheAgeOfTheClaimWithinBounds() {
    Instant since = Instant.parse("2026-11-24T10:00:00Z");
    assertThat(pause(since, since)).isEqualTo(Duration.ofSeconds(5));
    assertThat(pause(since, since.plusSeconds(60))).isEqualTo(Duration.ofSeconds(15));
    assertThat(pause(since, since.plus(Duration.ofDays(30)))).isEqualTo(Duration.ofHours(1));
    assertThat(pause(since, since.minusSeconds(60)))
        .as("the clock was set back")
        .isEqualTo(Duration.ofSeconds(5));
  }

  private static Duration pause(Instant since, Instant last) {
    return DomainChecks.pause(since, last, PlatformSettings.DEFAULTS.domains());
  }

  private void app(String user, String app) {
    caller.user(user).body(Map.of("name", app)).post("/v1/apps").then().statusCode(201);
  }

  private void claim(String user, String app, String host) {
    caller
        .user(user)
        .body(Map.of("host", host))
        .post("/v1/apps/" + app + "/domains")
        .then()
        .statusCode(201)
        .body("state", equalTo("pending"));
  }

  private String challenge(String user, String app, String host) {
    return caller
        .user(user)
        .get("/v1/apps/" + app + "/domains")
        .then()
        .body("find{it.host=='" + host + "'}.challenge.name", equalTo("_paas-challenge." + host))
        .extract()
        .path("find{it.host=='" + host + "'}.challenge.value");
  }

  private void state(String user, String app, String host, String state, @Nullable String proof) {
    caller
        .user(user)
        .get("/v1/apps/" + app + "/domains")
        .then()
        .body("find{it.host=='" + host + "'}.state", equalTo(state))
        .body("find{it.host=='" + host + "'}.proof", equalTo(proof));
  }

  private List<String> hosts(String app) {
    return domains.of(new AppName(app));
  }

  private FakeNames names() {
    FakeNames names = given;
    if (names == null) {
      throw new IllegalStateException("no name server");
    }
    return names;
  }
}
