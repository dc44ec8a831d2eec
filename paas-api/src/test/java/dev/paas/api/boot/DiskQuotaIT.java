package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import dev.paas.api.boot.Workplace.Ended;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.FakeRuntime;
import dev.paas.base.name.AppName;
import dev.paas.gitreceiver.repository.Repositories;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is pushed, built and run counts for its owner, with the real git and ssh. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class DiskQuotaIT {

  private static final int MEBIBYTE = 1 << 20;

  @Inject Caller caller;
  @Inject SshListener ssh;
  @Inject Repositories repositories;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @TempDir Path folder;

  @AfterEach
  void nothingIsLarge() {
    runtime().disk(0, 0);
  }

  @Test
  void aPushBeyondTheDiskIsRefusedLeavesNothingAndTakesNoBranch() throws Exception {
    Workplace place = place("disk-ann");
    Path site = place.site("d-ann", "one");
    assertThat(push(place, site).code()).isZero();
    set("disk-ann", Map.of("disk", "1MiB"));
    noise(place, site, 2 * MEBIBYTE);
    for (String branch : List.of("main", "main:other", "main:refs/tags/t")) {
      Ended refused = place.git(site, "push", "paas", branch);
      assertThat(refused.output())
          .contains("quota.disk", "of 1MiB", "Destroy an app", "pre-receive hook declined");
      assertThat(refused.code()).isEqualTo(1);
    }
    Awaitility.await("the refused objects are gone")
        .until(() -> repositories.bytes(new AppName("d-ann")) < MEBIBYTE);
    // Who is above a lowered quota keeps what they have, and may make room.
    set("disk-ann", Map.of("disk", "default"));
    assertThat(place.git(site, "push", "paas", "main:other").code()).isZero();
    set("disk-ann", Map.of("disk", "1MiB"));
    caller
        .user("disk-ann")
        .get("/v1/quota")
        .then()
        .body("quotas.find{it.name=='disk'}.limit", equalTo("1MiB"))
        .body("quotas.find{it.name=='disk'}.used", equalTo("3MiB"));
    assertThat(place.git(site, "push", "paas", ":other").code()).isZero();
    // What no ref reaches is swept after the next push, which may itself be refused.
    Awaitility.await("there is room again")
        .until(
            () -> {
              place.git(site, "push", "--force", "paas", "main~1:refs/heads/small");
              return repositories.bytes(new AppName("d-ann")) < MEBIBYTE;
            });
    assertThat(place.git(site, "push", "paas", "main~1:refs/heads/small").code()).isZero();
  }

  @Test
  void aBuildThatMakesMoreThanThereIsRoomForEndsAndItsImageGoes() throws Exception {
    Workplace place = place("disk-bob");
    set("disk-bob", Map.of("disk", "1GiB"));
    runtime().disk(600L * MEBIBYTE, 0);
    assertThat(push(place, place.site("d-bob-1", "one")).code()).isZero();
    Path second = place.site("d-bob-2", "two");
    Ended refused = push(place, second);
    assertThat(refused.output()).contains("quota.disk", "of 1GiB");
    assertThat(refused.code()).isEqualTo(1);
    assertThat(runtime().images()).noneMatch(name -> name.startsWith("apps/d-bob-2"));
    caller.user("disk-bob").delete("/v1/apps/d-bob-1").then().statusCode(204);
    Awaitility.await()
        .until(() -> runtime().images().stream().noneMatch(it -> it.startsWith("apps/d-bob-1")));
    place.commit(second, "three");
    assertThat(push(place, second).code()).isZero();
  }

  @Test
  void cachesGoBeforeABuildIsRefused() throws Exception {
    Workplace place = place("disk-eve");
    set("disk-eve", Map.of("disk", "1GiB"));
    runtime().disk(100L * MEBIBYTE, 2000L * MEBIBYTE);
    assertThat(push(place, place.site("d-eve", "one")).code()).isZero();
    assertThat(runtime().cacheBytes()).isZero();
    runtime().disk(100L * MEBIBYTE, 500L * MEBIBYTE);
    assertThat(push(place, place.site("d-eve-2", "one")).code()).isZero();
    assertThat(runtime().cacheBytes()).as("it fits beside the rest").isPositive();
  }

  @Test
  void nothingOnTheDiskOfAnAdminIsTooMuch() throws Exception {
    Workplace place = new Workplace(folder.resolve("admin"), ssh.port());
    key(caller.admin(), place);
    runtime().disk(1L << 50, 1L << 50);
    assertThat(push(place, place.site("d-admin", "one")).code()).isZero();
  }

  @Test
  void runsTakeMemoryBesideInstancesAndOfManyAtOnceAsManyBeginAsThereIsRoomFor() throws Exception {
    Workplace place = place("disk-joe");
    assertThat(push(place, place.site("d-joe", "one")).code()).isZero();
    // One instance of 512 MiB is wanted already.
    set("disk-joe", Map.of("memory", "2GiB"));
    RequestSpecification joe = caller.user("disk-joe");
    ExecutorService pool = Executors.newFixedThreadPool(8);
    try {
      List<Future<Integer>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        boolean scale = i % 4 == 3;
        answers.add(pool.submit(() -> scale ? scale() : run()));
      }
      int taken = 0;
      for (Future<Integer> answer : answers) {
        taken += answer.get() < 300 ? 1 : 0;
      }
      // Scaling to two twice is one place.
      String used = joe.get("/v1/quota").path("quotas.find{it.name=='memory'}.used");
      assertThat(used).isEqualTo("2GiB");
      assertThat(taken).isBetween(3, 4);
    } finally {
      pool.shutdownNow();
    }
    caller
        .user("disk-joe")
        .body(Map.of("command", List.of("true")))
        .post("/v1/apps/d-joe/runs")
        .then()
        .statusCode(422)
        .body("code", equalTo("quota.memory"));
  }

  private int run() {
    return caller
        .user("disk-joe")
        .body(Map.of("command", List.of("sleep", "100")))
        .post("/v1/apps/d-joe/runs")
        .statusCode();
  }

  private int scale() {
    return caller
        .user("disk-joe")
        .body(Map.of("processes", Map.of("web", 2)))
        .post("/v1/apps/d-joe/scale")
        .statusCode();
  }

  private Workplace place(String user) throws IOException, InterruptedException {
    Workplace place = new Workplace(folder.resolve(user), ssh.port());
    key(caller.user(user), place);
    return place;
  }

  private static void key(RequestSpecification user, Workplace place) throws IOException {
    user.body(Map.of("name", "k" + System.nanoTime(), "key", place.publicKey()))
        .post("/v1/keys")
        .then()
        .statusCode(201);
  }

  private static Ended push(Workplace place, Path site) throws IOException, InterruptedException {
    return place.git(site, "push", "paas", "main");
  }

  /** Something that can't be compressed. */
  private static void noise(Workplace place, Path site, int bytes)
      throws IOException, InterruptedException {
    byte[] noise = new byte[bytes];
    new Random(1).nextBytes(noise);
    Files.write(site.resolve("noise"), noise);
    place.commit(site, "two");
  }

  private void set(String user, Map<String, String> quotas) {
    caller.admin().body(quotas).put("/v1/quota?user=" + user).then().statusCode(200);
  }

  private FakeRuntime runtime() {
    return Objects.requireNonNull(given).runtime();
  }
}
