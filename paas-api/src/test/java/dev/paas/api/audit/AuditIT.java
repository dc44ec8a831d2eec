package dev.paas.api.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import dev.paas.api.access.Subject;
import dev.paas.api.app.Apps;
import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import dev.paas.api.identity.User;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
class AuditIT {

  /** Entries that the platform may write while a test counts. */
  private static final int OTHERS = 10;

  private static final String KEY =
      "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIO40gju/i5IuJah/IQ3Ufl9qKNCNj96Ug8qZmXmCdu5x";

  @Inject Caller caller;
  @Inject Audit audit;
  @Inject Refusals refusals;
  @Inject Apps apps;
  @Inject Store store;

  @Test
  void everyActIsThereWithWhoWhatAndFromWhere() {
    caller.admin().body(Map.of("name", "acts")).post("/v1/apps").then().statusCode(201);
    String app = "/v1/apps/acts";
    caller
        .admin()
        .body(Map.of("set", Map.of("TOKEN", "s3cret-value"), "unset", List.of("OLD")))
        .patch(app + "/config")
        .then()
        .statusCode(200);
    caller
        .admin()
        .body(Map.of("processes", Map.of("web", 2)))
        .post(app + "/scale")
        .then()
        .statusCode(202);
    caller
        .admin()
        .body(Map.of("host", "acts.example.org"))
        .post(app + "/domains")
        .then()
        .statusCode(201);
    caller.admin().delete(app + "/domains/acts.example.org").then().statusCode(204);
    caller
        .admin()
        .body(Map.of("name", "acts", "key", KEY, "user", "acting"))
        .post("/v1/keys")
        .then()
        .statusCode(201);
    caller.admin().delete("/v1/keys/acts?user=acting").then().statusCode(204);
    caller.admin().body(Map.of("name", "acts")).post("/v1/tokens").then().statusCode(201);
    caller.admin().delete("/v1/tokens/acts").then().statusCode(204);
    caller.admin().delete(app).then().statusCode(204);

    String about = "/v1/audit?app=acts&since=1h";
    caller
        .admin()
        .get(about)
        .then()
        .statusCode(200)
        .body(
            "kind",
            equalTo(
                List.of(
                    "app.destroy",
                    "domain.remove",
                    "domain.add",
                    "scale",
                    "config.change",
                    "app.create")))
        .body("user", not(hasItem(not(equalTo("admin")))))
        .body("address", not(hasItem(not(equalTo("127.0.0.1")))))
        .body("credential", not(hasItem(not(startsWith("token paas_")))))
        .body("outcome", not(hasItem(not(equalTo("done")))))
        .body("find{it.kind=='config.change'}.subject", equalTo("+TOKEN -OLD"))
        .body("find{it.kind=='scale'}.subject", equalTo("web=2"));
    caller
        .admin()
        .get("/v1/audit?user=admin&limit=1000")
        .then()
        .body("kind", hasItems("user.create", "key.add", "key.delete", "token.create"))
        .body("kind", hasItem("token.delete"))
        .body("findAll{it.kind=='key.add'}.subject", hasItem(startsWith("acting SHA256:")));
  }

  @Test
  void whatIsRolledBackIsNotInTheAudit() {
    AppName name = new AppName("neverwas");
    assertThatThrownBy(
            () ->
                store.write(
                    () -> {
                      apps.create(Subject.unlimited(new User("admin", true)), Actor.PLATFORM, name);
                      throw new IllegalStateException("changed its mind");
                    }))
        .isInstanceOf(IllegalStateException.class);
    caller.admin().get("/v1/audit?app=neverwas").then().body("", hasSize(0));
  }

  @Test
  void usersSeeWhatTheyDidAndWhatBefellTheirApps() {
    var ann = caller.user("audit-ann");
    var eve = caller.user("audit-eve");
    ann.body(Map.of("name", "anns")).post("/v1/apps").then().statusCode(201);
    caller
        .admin()
        .body(Map.of("set", Map.of("A", "1")))
        .patch("/v1/apps/anns/config")
        .then()
        .statusCode(200);
    caller
        .user("audit-ann")
        .get("/v1/audit")
        .then()
        .body("kind", equalTo(List.of("config.change", "app.create")))
        .body("user", equalTo(List.of("admin", "audit-ann")));
    eve.get("/v1/audit?app=anns").then().statusCode(200).body("", hasSize(0));
    eve.get("/v1/audit?user=audit-ann").then().statusCode(200).body("", hasSize(0));
  }

  @Test
  void theNextOwnerOfANameSeesNothingOfTheLast() {
    caller
        .user("audit-first")
        .body(Map.of("name", "passed-on"))
        .post("/v1/apps")
        .then()
        .statusCode(201);
    caller.user("audit-first").delete("/v1/apps/passed-on").then().statusCode(204);
    caller
        .user("audit-next")
        .body(Map.of("name", "passed-on"))
        .post("/v1/apps")
        .then()
        .statusCode(201);
    caller
        .user("audit-next")
        .get("/v1/audit?app=passed-on")
        .then()
        .body("kind", equalTo(List.of("app.create")))
        .body("user", equalTo(List.of("audit-next")));
    caller.admin().get("/v1/audit?app=passed-on").then().body("", hasSize(3));
  }

  @Test
  void aRefusedTokenIsCounted() {
    caller.with("paas_nobody_has_this").get("/v1/apps").then().statusCode(401);
    caller
        .admin()
        .get("/v1/audit?since=1h&limit=1000")
        .then()
        .body("findAll { it.outcome == 'refused' }.kind", hasItem("token.refused"));
    // A page that ends with what is not written yet is followed by what is.
    caller.admin().get("/v1/audit?limit=1").then().body("id", equalTo(List.of(0)));
    caller.admin().get("/v1/audit?limit=1&before=0").then().body("id[0]", greaterThan(0));
    assertThat(refusals.take(true).keySet())
        .anySatisfy(
            refused -> {
              assertThat(refused.kind()).isEqualTo("token.refused");
              assertThat(refused.actor().address()).isEqualTo("127.0.0.1");
            });
  }

  @Test
  void whoeverActsALotPushesOutTheirOwnEntriesFirst() {
    Actor quiet = new Actor("audit-quiet", "token x", "192.0.2.1");
    Actor noisy = new Actor("audit-noisy", "token y", "192.0.2.2");
    audit.done(quiet, "scale", null, "web=1");
    store.write(
        () -> {
          for (int i = 0; i < 600; i++) {
            audit.done(noisy, "scale", null, "web=" + i);
          }
        });
    long all = of(Optional.empty()).size();
    assertThat(audit.removeAbove(all - 500, 1000)).isBetween(500L, 500L + OTHERS);
    assertThat(of(Optional.of("audit-quiet"))).hasSize(1);
    assertThat(of(Optional.of("audit-noisy")))
        .hasSizeBetween(100 - OTHERS, 100)
        .first()
        .satisfies(newest -> assertThat(newest.subject()).isEqualTo("web=599"));
    assertThat(audit.removeAbove(all, 1000)).isZero();
  }

  @Test
  void refusalsPushOutNeitherWhatTheirUserDidNorWhatThePlatformDid() {
    Actor user = new Actor("audit-refused", "token x", "192.0.2.3");
    audit.done(user, "scale", null, "web=1");
    audit.done(Actor.PLATFORM, "audit.platform", null, "");
    store.write(
        () -> {
          for (int i = 0; i < 700; i++) {
            audit.refused(refused(user, i), 1);
            audit.refused(refused(new Actor("", "", "192.0.2.4"), i), 1);
          }
        });
    long all = of(Optional.empty()).size();
    assertThat(audit.removeAbove(all - 300, 1000)).isBetween(300L, 300L + OTHERS);
    assertThat(audit.removeAbove(all - 600, 1000)).isBetween(300L, 300L + OTHERS);
    assertThat(of(Optional.of("audit-refused"))).anyMatch(entry -> entry.outcome().equals("done"));
    assertThat(of(Optional.of(""))).anyMatch(entry -> entry.kind().equals("audit.platform"));
  }

  private static Refusals.Refused refused(Actor actor, int number) {
    return new Refusals.Refused(Instant.EPOCH, actor, "k", "", "subject " + number, "a.code");
  }

  @Test
  void whatBeganAndWasInterruptedNeverLooksDone() {
    Actor user = new Actor("audit-ends", "token x", "192.0.2.5");
    long done = audit.begun(user, "image.pull", null, "done");
    long failed = audit.begun(user, "image.pull", null, "failed");
    audit.begun(user, "image.pull", null, "interrupted");
    audit.begun(user, "push", null, "goes on");
    audit.ended(done, Optional.empty());
    audit.ended(failed, Optional.of(Problem.of(Kind.NOT_FOUND, "image.not-found", "No", "See.")));
    audit.interruptAll();
    audit.ended(failed, Optional.empty());
    assertThat(of(Optional.of("audit-ends")))
        .extracting(entry -> entry.subject() + ": " + entry.outcome() + " " + entry.code())
        .containsExactly(
            "goes on: begun ",
            "interrupted: interrupted ",
            "failed: failed image.not-found",
            "done: done ");
  }

  @Test
  void anActThatFailsSaysWhy() {
    caller.admin().delete("/v1/images?ref=nobody/has-this").then().statusCode(not(equalTo(204)));
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(of(Optional.of("admin")))
                    .filteredOn(entry -> entry.subject().equals("nobody/has-this"))
                    .singleElement()
                    .satisfies(
                        entry -> {
                          assertThat(entry.outcome()).isEqualTo("failed");
                          assertThat(entry.code()).contains(".");
                        }));
  }

  @Test
  void everyWriteThatIsRefusedIsCountedWithItsReason() {
    caller
        .user("audit-owner")
        .body(Map.of("name", "owned"))
        .post("/v1/apps")
        .then()
        .statusCode(201);
    var bea = caller.user("audit-bea");
    for (int i = 0; i < 3; i++) {
      bea.body(Map.of("processes", Map.of("web", 2)))
          .post("/v1/apps/owned/scale")
          .then()
          .statusCode(404);
    }
    bea.delete("/v1/images?ref=debian").then().statusCode(403);
    bea.get("/v1/apps/owned").then().statusCode(404);
    Map<Refusals.Refused, Long> taken = refusals.take(true);
    taken.keySet().removeIf(refused -> !refused.actor().user().equals("audit-bea"));
    assertThat(taken.keySet())
        .extracting(refused -> refused.subject() + " " + refused.code() + " " + refused.app())
        .containsExactlyInAnyOrder(
            "POST /v1/apps/{app}/scale app.not-found owned", "DELETE /v1/images access.forbidden ");
    assertThat(taken).containsValue(3L);
  }

  private List<Entry> of(Optional<String> user) {
    return audit.find(
        new Audit.Query(Instant.EPOCH, user, Optional.empty(), Optional.empty()),
        Optional.empty(),
        List.of(),
        100_000);
  }

  @Test
  void questionsThatMakeNoSenseAreRefused() {
    for (String since : List.of("2", "h", "-2h", "0h", "2w", "9999999d", "1h1")) {
      caller
          .admin()
          .get("/v1/audit?since=" + since)
          .then()
          .statusCode(400)
          .body("code", equalTo("audit.bad-since"));
    }
    for (int limit : new int[] {0, -1, 1001}) {
      caller
          .admin()
          .get("/v1/audit?limit=" + limit)
          .then()
          .statusCode(400)
          .body("code", equalTo("audit.bad-limit"));
    }
  }
}
