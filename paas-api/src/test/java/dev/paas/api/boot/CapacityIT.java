package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.api.boot.Workplace.Ended;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.MemoryScheduler.Behaviour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** How many instances there are is changed while a release is on its way, and the other way. */
final class CapacityIT {

  /** Shorter than the boot timeout of this platform, which is a minute. */
  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(50);

  @TempDir static Path folder;

  private static Paasd paasd;
  private static FakeDaemons daemons;
  private static Workplace place;

  /** Each test has one of its own. */
  private String app;

  private Path site;

  @BeforeAll
  static void start() throws Exception {
    paasd = new Paasd(folder);
    daemons = new FakeDaemons(paasd.run());
    place = new Workplace(folder.resolve("place"), paasd.sshPort());
    paasd.start("none");
    paasd.call("POST", "/v1/keys", "{\"name\":\"k\",\"key\":\"" + place.publicKey() + "\"}");
  }

  @AfterAll
  static void stop() throws Exception {
    paasd.kill();
    daemons.close();
  }

  @BeforeEach
  void deployOnce(TestInfo test) throws Exception {
    app = test.getTestMethod().orElseThrow().getName().toLowerCase(Locale.ROOT).substring(0, 20);
    daemons.runtime().instances().behave(Behaviour.LISTEN);
    site = place.site(app, "one");
    Ended first = place.git(site, "push", "paas", "main");
    assertThat(first.code()).as(first.output()).isZero();
  }

  @AfterEach
  void disarm() throws IOException {
    Files.deleteIfExists(fault());
  }

  @Test
  void aScaleServesWhileANewReleaseBootsAndTheReleaseComesWithIt() throws Exception {
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    CompletableFuture<Ended> push = pushAnother();
    await(() -> names().contains(web("v2.1.g0")));
    daemons.runtime().instances().behave(Behaviour.LISTEN);

    Ended scale = place.ssh("scale", "web=3", "-a", app);

    assertThat(scale.code()).as(scale.output()).isZero();
    assertThat(push).isNotDone();
    assertThat(serving()).containsExactlyInAnyOrder(web("v1.1.g0"), web("v1.2.g0"), web("v1.3.g0"));
    await(() -> names().containsAll(List.of(web("v2.2.g0"), web("v2.3.g0"))));
    assertThat(push).as("the first of the new ones does not listen yet").isNotDone();

    daemons.runtime().instances().listen(app);
    Ended pushed = push.get(60, TimeUnit.SECONDS);
    assertThat(pushed.code()).as(pushed.output()).isZero();
    assertThat(serving()).containsExactlyInAnyOrder(web("v2.1.g0"), web("v2.2.g0"), web("v2.3.g0"));
    await(() -> names().size() == 3);
    assertThat(paasd.get("/v1/apps/" + app + "/releases").size())
        .as("a scale is no release")
        .isEqualTo(2);
  }

  @Test
  void aScaleDownDuringABootStopsInstancesAtOnce() throws Exception {
    assertThat(place.ssh("scale", "web=3", "-a", app).code()).isZero();
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    CompletableFuture<Ended> push = pushAnother();
    await(() -> names().contains(web("v2.3.g0")));

    Ended scale = place.ssh("scale", "web=1", "-a", app);

    assertThat(scale.code()).as(scale.output()).isZero();
    assertThat(push).isNotDone();
    assertThat(serving()).containsExactly(web("v1.1.g0"));
    await(() -> names().equals(List.of(web("v1.1.g0"), web("v2.1.g0"))));
  }

  @Test
  void aScaleWhoseStepAlwaysFailsEndsAndTheReleaseGoesOn() throws Exception {
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    CompletableFuture<Ended> push = pushAnother();
    await(() -> names().contains(web("v2.1.g0")));
    Files.createDirectories(fault().getParent());
    Files.writeString(fault(), "run.created:throw:1000\n");

    Ended scale = place.ssh("scale", "web=2", "-a", app);

    assertThat(scale.code()).as(scale.output()).isNotZero();
    assertThat(scale.output()).contains("failed to carry out this deployment");
    assertThat(push).isNotDone();
    disarm();
    daemons.runtime().instances().listen(app);
    Ended pushed = push.get(60, TimeUnit.SECONDS);
    assertThat(pushed.code()).as(pushed.output()).isZero();
    assertThat(serving()).containsExactly(web("v2.1.g0"));
  }

  @Test
  void aScaleThatWaitsGoesOnWithTheReleaseThatCameMeanwhile() throws Exception {
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    JsonNode scale =
        paasd.call("POST", "/v1/apps/" + app + "/scale", "{\"processes\":{\"web\":2}}");
    await(() -> names().contains(web("v1.2.g0")));
    daemons.runtime().instances().behave(Behaviour.LISTEN);

    Ended pushed = pushAnother().get(60, TimeUnit.SECONDS);

    assertThat(pushed.code()).as(pushed.output()).isZero();
    await(() -> state(scale).equals("done"));
    assertThat(serving()).containsExactlyInAnyOrder(web("v2.1.g0"), web("v2.2.g0"));
  }

  @Test
  void aScaleDuringTheFirstBootIsWhatTheReleaseComesWith() throws Exception {
    app = "first" + app;
    site = place.site(app, "one");
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    CompletableFuture<Ended> push = push();
    await(() -> names().contains(web("v1.1.g0")));

    Ended scale = place.ssh("scale", "web=2", "-a", app);

    assertThat(scale.code()).as(scale.output()).isZero();
    assertThat(push).isNotDone();
    await(() -> names().contains(web("v1.2.g0")));
    daemons.runtime().instances().listen(app);
    Ended pushed = push.get(60, TimeUnit.SECONDS);
    assertThat(pushed.code()).as(pushed.output()).isZero();
    assertThat(serving()).containsExactlyInAnyOrder(web("v1.1.g0"), web("v1.2.g0"));
  }

  @Test
  void aWorkerIsRestartedBesideAScaleThatWaits() throws Exception {
    Files.writeString(site.resolve("Procfile"), "worker: work\n");
    Ended pushed = pushAnother().get(60, TimeUnit.SECONDS);
    assertThat(pushed.code()).as(pushed.output()).isZero();
    assertThat(place.ssh("scale", "worker=1", "-a", app).code()).isZero();
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    JsonNode scale =
        paasd.call("POST", "/v1/apps/" + app + "/scale", "{\"processes\":{\"web\":2}}");
    await(() -> names().contains(web("v2.2.g0")));

    JsonNode restart =
        paasd.call("POST", "/v1/apps/" + app + "/restart", "{\"process\":\"worker\"}");

    await(() -> state(restart).equals("done"));
    assertThat(state(scale)).isEqualTo("checking");
    assertThat(names()).containsExactly(web("v2.1.g0"), web("v2.2.g0"), app + ".worker.v2.1.g1");
    daemons.runtime().instances().listen(app);
    await(() -> state(scale).equals("done"));
    assertThat(serving()).containsExactlyInAnyOrder(web("v2.1.g0"), web("v2.2.g0"));
    assertThat(names()).as("of the generation that serves").contains(app + ".worker.v2.1.g1");
  }

  @Test
  void aReleaseWhoseBeginFailsBesideAScaleIsTriedAgainAndNeitherEnds() throws Exception {
    daemons.runtime().instances().behave(Behaviour.LISTEN_ON_3000);
    JsonNode scale =
        paasd.call("POST", "/v1/apps/" + app + "/scale", "{\"processes\":{\"web\":2}}");
    await(() -> names().contains(web("v1.2.g0")));
    Files.createDirectories(fault().getParent());
    Files.writeString(fault(), "release.committed:throw\n");

    CompletableFuture<Ended> push = pushAnother();

    await(() -> names().contains(web("v2.1.g0")));
    assertThat(Files.exists(fault())).as("it has happened").isFalse();
    assertThat(state(scale)).isEqualTo("checking");
    daemons.runtime().instances().behave(Behaviour.LISTEN);
    daemons.runtime().instances().listen(app);
    Ended pushed = push.get(60, TimeUnit.SECONDS);
    assertThat(pushed.code()).as(pushed.output()).isZero();
    await(() -> state(scale).equals("done"));
    await(() -> serving().equals(List.of(web("v2.1.g0"), web("v2.2.g0"))));
  }

  private String state(JsonNode deployment) throws Exception {
    return paasd
        .get("/v1/apps/" + app + "/deployments/" + deployment.get("id").asText())
        .get("state")
        .asText();
  }

  private CompletableFuture<Ended> pushAnother() throws Exception {
    place.commit(site, "another");
    return push();
  }

  private CompletableFuture<Ended> push() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return place.git(site, "push", "paas", "main");
          } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
          }
        });
  }

  private List<String> serving() {
    return daemons.router().backends(app + ".apps.test");
  }

  private static Path fault() {
    return paasd.run().resolve("api/fault");
  }

  private String web(String rest) {
    return app + ".web." + rest;
  }

  private List<String> names() {
    return daemons.runtime().instances().instances(app).stream()
        .map(instance -> instance.name().toString())
        .sorted()
        .toList();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) {
    Awaitility.await()
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofMillis(50))
        .until(condition::holds);
  }
}
