package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.paas.api.boot.Workplace.Ended;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.FakeRuntime;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever follows something that is destroyed, cancelled or replaced is told so, and soon. */
@QuarkusTest
@QuarkusTestResource(TestPlatform.class)
final class FollowerFaultIT {

  private static final Duration TOLD_WITHIN = Duration.ofSeconds(5);

  private static final Duration BEGUN_WITHIN = Duration.ofSeconds(30);

  private static final AtomicInteger APPS = new AtomicInteger();

  @Inject Caller caller;
  @Inject SshListener ssh;
  @Inject PlatformSettings settings;

  /** Injected by the test resource. */
  @Nullable FakeDaemons given;

  @TempDir Path folder;

  private Workplace place;
  private String app;
  private int clones;

  @BeforeEach
  void sitDown() throws IOException, InterruptedException {
    place = new Workplace(folder.resolve("place"), ssh.port());
    app = "followed" + APPS.incrementAndGet();
    caller
        .admin()
        .body(Map.of("name", "k" + System.nanoTime(), "key", place.publicKey()))
        .post("/v1/keys")
        .then()
        .statusCode(201);
  }

  @AfterEach
  void behaveAgain() throws IOException {
    runtime().buildsWait(false);
    Files.deleteIfExists(fault());
  }

  @Test
  void aPushWhoseAppIsDestroyedEndsAndSaysSo() throws Exception {
    runtime().buildsWait(true);
    Path site = place.site(app, "one");
    CompletableFuture<Ended> push = later(() -> place.git(site, "push", "paas", "main"));
    await().atMost(BEGUN_WITHIN).until(() -> runtime().building() == 1);
    CompletableFuture<Ended> waiting =
        later(() -> place.git(clone(site), "push", "--force", "paas", "main"));
    CompletableFuture<Ended> output = later(() -> place.ssh("builds:output", "1", "-f", "-a", app));
    await()
        .atMost(BEGUN_WITHIN)
        .until(
            () ->
                place.shows("remote: -----> Waiting for the push of")
                    && place.shows("-----> Building " + app));
    destroy();
    Ended pushed = within(push);
    assertThat(pushed.output()).contains("push.app-gone", "pre-receive hook declined");
    assertThat(pushed.code()).isEqualTo(1);
    assertThat(within(waiting).output()).contains("push.app-gone", "pre-receive hook declined");
    assertThat(within(output).output()).contains("was destroyed");
    await().atMost(TOLD_WITHIN).until(() -> runtime().building() == 0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logs -t", "run -- sleep 1000"})
  void aCommandThatFollowsADestroyedAppEndsAndSaysSo(String command) throws Exception {
    Path site = place.site(app, "one");
    assertThat(place.git(site, "push", "paas", "main").code()).isZero();
    String[] words = command.replaceFirst(" ", " -a " + app + " ").split(" ");
    CompletableFuture<Ended> following = later(() -> place.ssh(words));
    await()
        .atMost(BEGUN_WITHIN)
        .until(
            () ->
                command.startsWith("run")
                    ? runtime().instances().running() == 1
                    : place.mentions(" app[web.1]: hello from 1"));
    assertThat(following).isNotDone();
    destroy();
    Ended end = within(following);
    assertThat(end.output()).contains("destroyed");
    assertThat(end.code()).isNotZero();
    await().atMost(TOLD_WITHIN).until(() -> runtime().instances().running() == 0);
  }

  @Test
  void aChangeThatWaitsForADestroyedAppEndsAndSaysSo() throws Exception {
    Path site = place.site(app, "one");
    assertThat(place.git(site, "push", "paas", "main").code()).isZero();
    Files.createDirectories(fault().getParent());
    Files.writeString(fault(), "run.created:delay:15000\n");
    CompletableFuture<Ended> scale = later(() -> place.ssh("scale", "web=3", "-a", app));
    await().atMost(BEGUN_WITHIN).until(() -> !Files.exists(fault()));
    destroy();
    Ended end = within(scale);
    assertThat(end.output()).contains("destroyed");
    assertThat(end.code()).isNotZero();
  }

  @Test
  void aCancelledBuildEndsWithItsPushAndItsRun() throws Exception {
    runtime().buildsWait(true);
    Path site = place.site(app, "one");
    CompletableFuture<Ended> push = later(() -> place.git(site, "push", "paas", "main"));
    await().atMost(BEGUN_WITHIN).until(() -> runtime().building() == 1);
    Ended cancel = place.ssh("builds:cancel", "-a", app);
    assertThat(cancel.code()).as(cancel.output()).isZero();
    Ended pushed = within(push);
    assertThat(pushed.output()).contains("build.cancelled", "pre-receive hook declined");
    assertThat(pushed.code()).isEqualTo(1);
    await().atMost(TOLD_WITHIN).until(() -> runtime().building() == 0);
    caller
        .admin()
        .get("/v1/apps/" + app + "/builds")
        .then()
        .body("[0].problem.code", Matchers.equalTo("build.cancelled"));
    caller
        .admin()
        .post("/v1/apps/" + app + "/builds/1/cancel")
        .then()
        .statusCode(409)
        .body("code", Matchers.equalTo("build.ended"));
    assertThat(place.ssh("builds:cancel", "-a", app).output()).contains("is queued or running");

    runtime().buildsWait(false);
    place.commit(site, "two");
    assertThat(place.git(site, "push", "paas", "main").code()).isZero();
  }

  @Test
  void aNewerPushSupersedesThoseThatHaveNotBegun() throws Exception {
    runtime().buildsWait(true);
    Path site = place.site(app, "one");
    CompletableFuture<Ended> running = later(() -> place.git(site, "push", "paas", "main"));
    await().atMost(BEGUN_WITHIN).until(() -> runtime().building() == 1);
    Path second = clone(site);
    place.commit(second, "two");
    CompletableFuture<Ended> older = later(() -> place.git(second, "push", "paas", "main"));
    await().atMost(BEGUN_WITHIN).until(() -> place.shows("remote: -----> Waiting for the push of"));
    Path third = clone(second);
    place.commit(third, "three");
    CompletableFuture<Ended> newer = later(() -> place.git(third, "push", "paas", "main"));
    Ended superseded = older.get(BEGUN_WITHIN.toSeconds(), TimeUnit.SECONDS);
    assertThat(superseded.output()).contains("push.superseded", "pre-receive hook declined");
    assertThat(superseded.code()).isEqualTo(1);
    assertThat(newer).isNotDone();
    assertThat(place.ssh("builds:cancel", "1", "-a", app).code()).isZero();
    runtime().buildsWait(false);
    assertThat(within(running).output()).contains("build.cancelled");
    Ended last = newer.get(BEGUN_WITHIN.toSeconds(), TimeUnit.SECONDS);
    assertThat(last.code()).as(last.output()).isZero();
  }

  private void destroy() {
    caller.admin().delete("/v1/apps/" + app).then().statusCode(204);
  }

  private Path clone(Path site) throws IOException, InterruptedException {
    Path copy = folder.resolve("clone" + ++clones);
    place.git(site, "clone", "-q", site.toString(), copy.toString());
    String url = place.git(site, "remote", "get-url", "paas").output().strip();
    place.git(copy, "remote", "add", "paas", url);
    return copy;
  }

  private interface Doing {
    Ended run() throws Exception;
  }

  private static CompletableFuture<Ended> later(Doing doing) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return doing.run();
          } catch (Exception failed) {
            throw new IllegalStateException(failed);
          }
        });
  }

  private static Ended within(CompletableFuture<Ended> end) throws Exception {
    return end.get(TOLD_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  private Path fault() {
    return settings.platform().run().resolve("api/fault");
  }

  private FakeRuntime runtime() {
    return Objects.requireNonNull(given).runtime();
  }
}
