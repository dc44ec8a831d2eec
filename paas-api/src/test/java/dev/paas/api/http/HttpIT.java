package dev.paas.api.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.notNullValue;

import dev.paas.api.boot.Caller;
import dev.paas.api.boot.TestPlatform;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class HttpIT {

  @Inject Caller caller;

  @Test
  void everyRefusalIsAProblem() {
    caller
        .admin()
        .get("/v1/nothing")
        .then()
        .statusCode(404)
        .contentType("application/problem+json")
        .body("code", equalTo("http.not-found"));
    caller.admin().put("/v1/apps").then().statusCode(405).body("code", equalTo("http.bad-method"));
    caller
        .admin()
        .contentType("text/plain")
        .body("x")
        .post("/v1/apps")
        .then()
        .statusCode(415)
        .body("code", equalTo("http.bad-media-type"));
    caller
        .admin()
        .body("{\"name\":")
        .post("/v1/apps")
        .then()
        .statusCode(400)
        .body("code", equalTo("http.bad-json"));
    caller
        .admin()
        .body("[]")
        .post("/v1/apps")
        .then()
        .statusCode(400)
        .body("code", equalTo("http.bad-field"));
    caller
        .admin()
        .body("{\"nmae\":\"x\"}")
        .post("/v1/apps")
        .then()
        .statusCode(400)
        .body("code", equalTo("http.unknown-field"), "fix", containsString("name"));
    caller
        .admin()
        .body("{\"name\":\"a\",\"name\":\"b\"}")
        .post("/v1/apps")
        .then()
        .statusCode(400)
        .body("code", equalTo("http.bad-json"));
    caller
        .admin()
        .body("[".repeat(5000))
        .post("/v1/apps")
        .then()
        .statusCode(400)
        .body("code", notNullValue());
    caller
        .admin()
        .accept("image/png")
        .get("/v1/apps")
        .then()
        .statusCode(406)
        .body("code", equalTo("http.not-acceptable"));
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    caller
        .admin()
        .body("{\"name\":\"" + "x".repeat(1 << 20) + "\"}")
        .post("/v1/apps")
        .then()
        .statusCode(413)
        .body("code", equalTo("http.too-large"));
    caller.admin().get("/v1/apps").then().statusCode(200);
  }

  @Test
  void whatAWebPageCouldSendIsRefused() {
    caller
        .admin()
        .header("Host", "evil.example")
        .get("/v1/apps")
        .then()
        .statusCode(403)
        .body("code", equalTo("http.foreign-host"));
    caller
        .admin()
        .header("Origin", "http://evil.example")
        .body("{\"name\":\"evil\"}")
        .post("/v1/apps")
        .then()
        .statusCode(403);
    caller.admin().get("/v1/apps/evil").then().statusCode(404);
  }

  @Test
  void everyAnswerHasARequestId() {
    given().get("/v1/version").then().header("X-Request-Id", matchesPattern("[0-9a-f-]{36}"));
    given()
        .header("X-Request-Id", "mine-1")
        .get("/v1/version")
        .then()
        .header("X-Request-Id", "mine-1");
    given()
        .header("X-Request-Id", "a b")
        .get("/v1/version")
        .then()
        .header("X-Request-Id", matchesPattern("[0-9a-f-]{36}"));
  }

  @Test
  void theSchemaIsPublished() {
    given()
        .accept(ContentType.JSON)
        .get("/openapi")
        .then()
        .statusCode(200)
        .body("paths.'/v1/apps'.post", notNullValue());
  }

  @Test
  void aRepeatedWriteGetsTheFirstAnswer() {
    String first = keyed("k-1", "{\"name\":\"once\"}", 201);
    assertThat(keyed("k-1", "{\"name\":\"once\"}", 201)).isEqualTo(first);
    keyed("k-2", "{\"name\":\"once\"}", 409);
    assertThat(keyed("k-1", "{\"name\":\"other\"}", 409)).contains("idempotency.conflict");
    caller
        .user("fred")
        .header("Idempotency-Key", "k-1")
        .body("{\"name\":\"freds\"}")
        .post("/v1/apps")
        .then()
        .statusCode(201);
  }

  @Test
  void aDeleteIsRepeatedToo() {
    keyed("d-1", "{\"name\":\"brief\"}", 201);
    caller.admin().header("Idempotency-Key", "d-2").delete("/v1/apps/brief").then().statusCode(204);
    caller.admin().header("Idempotency-Key", "d-2").delete("/v1/apps/brief").then().statusCode(204);
    caller.admin().header("Idempotency-Key", "d-3").delete("/v1/apps/brief").then().statusCode(404);
  }

  @Test
  void concurrentRepetitionsDoTheWorkOnce() throws Exception {
    int callers = 8;
    ExecutorService pool = Executors.newFixedThreadPool(callers);
    try {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<String>> answers =
          IntStream.range(0, callers)
              .mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            go.await();
                            return keyed("race", "{\"name\":\"raced\"}", 201);
                          }))
              .toList();
      go.countDown();
      String first = answers.get(0).get();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo(first);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void aMalformedKeyIsRefused() {
    assertThat(keyed("x".repeat(101), "{\"name\":\"long\"}", 400)).contains("idempotency.bad-key");
  }

  private String keyed(String key, String body, int status) {
    return caller
        .admin()
        .header("Idempotency-Key", key)
        .body(body)
        .post("/v1/apps")
        .then()
        .statusCode(status)
        .extract()
        .body()
        .asString();
  }
}
