package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.FakeRuntime;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.specification.RequestSpecification;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However somebody keeps the platform busy, the build of another begins soon. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class BusyThreatIT {

  private static final Duration BEGUN_WITHIN = Duration.ofSeconds(5);
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);

  /** More than there are places to build and to fetch. */
  private static final int APPS = 6;

  private static final AtomicInteger ROUNDS = new AtomicInteger();

  @Inject Caller caller;
  @Inject SshListener ssh;
  @Inject PlatformSettings settings;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @TempDir Path folder;

  private final ExecutorService pushers = Executors.newFixedThreadPool(40);
  private final List<String> apps = new ArrayList<>();
  private int places;
  private final Queue<Future<?>> doing = new ConcurrentLinkedQueue<>();

  /** What one user does. */
  enum Attack {
    LONG_BUILDS,
    FETCHES_THAT_NEVER_END,
    BOTH_BY_TWO_USERS,
    BUILDS_CANCELLED_AND_PUSHED_AGAIN,
    RUNS_AND_SCALES,
    LONG_BUILDS_OF_AN_ADMIN
  }

  @AfterEach
  void leave() throws InterruptedException {
    runtime().buildsWait(false);
    apps.forEach(app -> caller.admin().delete("/v1/apps/" + app).then().statusCode(204));
    pushers.shutdownNow();
    assertThat(pushers.awaitTermination(READY_WITHIN.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void anothersBuildBeginsSoon(Attack attack) throws Exception {
    int round = ROUNDS.incrementAndGet();
    RequestSpecification modest = caller.user("share-modest-" + round);
    Workplace desk = place(modest);
    String mine = "share-mine-" + round;
    Path site = desk.site(mine, "mine");
    AtomicBoolean over = new AtomicBoolean();
    try {
      attack(attack, round, over);
      apps.add(mine);
      push(desk, site);
      await("the other's build begins")
          .atMost(BEGUN_WITHIN)
          .until(() -> desk.shows("remote: -----> Building " + mine));
    } finally {
      over.set(true);
    }
  }

  @Test
  void anothersImageIsFetchedSoonWhileOnesNeverArrive() throws Exception {
    int round = ROUNDS.incrementAndGet();
    attack(Attack.FETCHES_THAT_NEVER_END, round, new AtomicBoolean());
    assertThat(runtime().pulling()).as("of four").isEqualTo(3);
    Workplace desk = place(caller.user("share-modest-" + round));
    String mine = "share-mine-" + round;
    Path site = desk.site(mine, "mine");
    from(desk, site, "mine");
    apps.add(mine);
    push(desk, site);
    await("the other's image is fetched")
        .atMost(BEGUN_WITHIN)
        .until(() -> runtime().pulling() == 4);
    assertThat(desk.shows("remote: -----> Fetching " + FakeRuntime.SILENT + "mine")).isTrue();
    // What nobody wants any more is fetched no longer.
    assertThat(desk.ssh("builds:cancel", "-a", mine).code()).isZero();
    await().atMost(BEGUN_WITHIN).until(() -> runtime().pulling() == 3);
    for (String app : apps) {
      caller.admin().delete("/v1/apps/" + app).then().statusCode(204);
    }
    apps.clear();
    await().atMost(BEGUN_WITHIN).until(() -> runtime().pulling() == 0);
  }

  @Test
  void nobodyFollowsMoreLogsThanTheirShare() throws Exception {
    int round = ROUNDS.incrementAndGet();
    String name = "share-greedy-" + round;
    Workplace desk = place(caller.user(name));
    Path site = desk.site(name, "one");
    apps.add(name);
    assertThat(desk.git(site, "push", "paas", "main").code()).isZero();
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest follow =
        HttpRequest.newBuilder(
                URI.create(
                    "http://127.0.0.1:"
                        + RestAssured.port
                        + "/v1/apps/"
                        + name
                        + "/logs?follow=true"))
            .header("Authorization", "Bearer " + token(name))
            .build();
    List<InputStream> open = new ArrayList<>();
    int most = settings.api().maxLogReaders();
    for (int i = 0; i < most; i++) {
      HttpResponse<InputStream> answer = client.send(follow, BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      open.add(answer.body());
    }
    HttpResponse<String> refused = client.send(follow, BodyHandlers.ofString());
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("logs.busy");
    for (InputStream each : open) {
      each.close();
    }
    await()
        .until(
            () -> {
              HttpResponse<InputStream> again = client.send(follow, BodyHandlers.ofInputStream());
              again.body().close();
              return again.statusCode() == 200;
            });
  }

  private void attack(Attack attack, int round, AtomicBoolean over) throws Exception {
    String name = "share-greedy-" + round;
    switch (attack) {
      case LONG_BUILDS -> builds(place(caller.user(name)), name);
      case LONG_BUILDS_OF_AN_ADMIN -> builds(place(caller.admin()), name);
      case FETCHES_THAT_NEVER_END -> fetches(place(caller.user(name)), name);
      case BOTH_BY_TWO_USERS -> {
        fetches(place(caller.user(name + "-b")), name + "-b");
        builds(place(caller.user(name)), name);
      }
      case BUILDS_CANCELLED_AND_PUSHED_AGAIN -> {
        Workplace desk = place(caller.user(name));
        builds(desk, name);
        String token = token(name);
        for (String app : List.copyOf(apps)) {
          pushers.execute(() -> cancelAgainAndAgain(desk, app, token, over));
        }
      }
      case RUNS_AND_SCALES -> {
        Workplace desk = place(caller.user(name));
        String app = name + "-r";
        Path site = desk.site(app, "one");
        apps.add(app);
        assertThat(desk.git(site, "push", "paas", "main").code()).isZero();
        for (int i = 0; i < 5; i++) {
          doing.add(pushers.submit(() -> desk.ssh("run", "-a", app, "--", "sleep", "100")));
        }
        await().atMost(READY_WITHIN).until(() -> runtime().instances().running() == 5);
        caller
            .user(name)
            .body(Map.of("processes", Map.of("web", 50)))
            .post("/v1/apps/" + app + "/scale")
            .then()
            .statusCode(202);
        builds(desk, name);
      }
    }
  }

  /** As many as there are places for one user run, the others wait. */
  private void builds(Workplace desk, String name) throws Exception {
    runtime().buildsWait(true);
    for (int i = 0; i < APPS; i++) {
      String app = name + "-" + i;
      Path site = desk.site(app, "slow");
      apps.add(app);
      push(desk, site);
    }
    await()
        .atMost(READY_WITHIN)
        .until(
            () ->
                runtime().building() == 1
                    && desk.count("remote: -----> Waiting for its turn") >= APPS - 1);
  }

  private void fetches(Workplace desk, String name) throws Exception {
    for (int i = 0; i < APPS; i++) {
      String app = name + "-" + i;
      Path site = desk.site(app, "slow");
      from(desk, site, app);
      apps.add(app);
      push(desk, site);
    }
    await().atMost(READY_WITHIN).until(() -> runtime().pulling() == 3);
  }

  private void cancelAgainAndAgain(Workplace desk, String app, String token, AtomicBoolean over) {
    for (int build = 1; !over.get(); build++) {
      int number = build;
      await()
          .atMost(READY_WITHIN)
          .until(
              () ->
                  over.get()
                      || caller
                              .with(token)
                              .post("/v1/apps/" + app + "/builds/" + number + "/cancel")
                              .statusCode()
                          == 200);
      try {
        Path site = desk.folder(app);
        desk.commit(site, "again " + number);
        push(desk, site);
      } catch (IOException | InterruptedException stopped) {
        return;
      }
    }
  }

  private void push(Workplace desk, Path site) {
    doing.add(pushers.submit(() -> desk.git(site, "push", "paas", "main")));
  }

  private static void from(Workplace desk, Path site, String image) throws Exception {
    Files.writeString(
        site.resolve("Dockerfile"), "FROM " + FakeRuntime.SILENT + image + ":1\nCMD [\"true\"]\n");
    desk.commit(site, "from elsewhere");
  }

  private Workplace place(RequestSpecification user) throws IOException, InterruptedException {
    Workplace place = new Workplace(folder.resolve("place" + ++places), ssh.port());
    user.body(Map.of("name", "k" + System.nanoTime(), "key", place.publicKey()))
        .post("/v1/keys")
        .then()
        .statusCode(201);
    return place;
  }

  private String token(String user) {
    return caller
        .admin()
        .body(Map.of("name", "share", "user", user))
        .post("/v1/tokens")
        .then()
        .statusCode(201)
        .extract()
        .path("token");
  }

  private FakeRuntime runtime() {
    return Objects.requireNonNull(given).runtime();
  }
}
