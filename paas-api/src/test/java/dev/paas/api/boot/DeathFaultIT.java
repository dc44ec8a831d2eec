package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.api.boot.Workplace.Ended;
import dev.paas.api.fake.FakeDaemons;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which work is to blame for the deaths of paasd, and which is not. */
final class DeathFaultIT {

  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);

  /** Longer than any test; a step that takes so long is under way whenever the process ends. */
  private static final String STUCK = "build.started:delay:600000";

  @TempDir Path folder;

  private Paasd paasd;
  private FakeDaemons daemons;
  private Workplace place;

  @BeforeEach
  void sitDown() throws Exception {
    paasd = new Paasd(folder);
    daemons = new FakeDaemons(paasd.run());
    place = new Workplace(folder.resolve("place"), paasd.sshPort());
  }

  @AfterEach
  void leave() throws Exception {
    paasd.kill();
    daemons.close();
  }

  /** Each kind of work, and what it ends as. */
  @ParameterizedTest
  @CsvSource({
    "build.started, build.poisoned",
    "run.created, deploy.poisoned",
    "push.refs-moved, push.poisoned"
  })
  void workThatKillsPaasdIsTakenUpOnceMoreAndNotAgain(String point, String code) throws Exception {
    Process first = paasd.start(point + ":crash");
    register();
    Path site = place.site("deadly", "one");
    CompletableFuture<Ended> push = pushing(site);
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).as("the first death").isTrue();
    var unused = push.get(60, TimeUnit.SECONDS);
    assertThat(paasd.launch(point + ":crash").waitFor(120, TimeUnit.SECONDS))
        .as("the second death")
        .isTrue();

    paasd.start(point + ":crash");
    Awaitility.await().atMost(SETTLED_WITHIN).until(() -> paasd.log().contains(code));
    if (code.startsWith("build.")) {
      JsonNode build = paasd.get("/v1/apps/deadly/builds").get(0);
      assertThat(build.get("state").asText()).isEqualTo("failed");
      assertThat(build.get("problem").get("code").asText()).isEqualTo(code);
    }
    paasd.kill();
    paasd.start("none");
    place.commit(site, "two");
    Ended next = place.git(site, "push", "--force", "paas", "main");
    assertThat(next.code()).as(next.output()).isZero();
  }

  @Test
  void workThatWasAloneAtOneDeathCompletes() throws Exception {
    Process first = paasd.start("build.started:crash");
    register();
    CompletableFuture<Ended> push = pushing(place.site("once", "one"));
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    var unused = push.get(60, TimeUnit.SECONDS);
    paasd.start("none");
    awaitBuild("once", "succeeded");
  }

  @Test
  void ordersToStopCountForNothing() throws Exception {
    paasd.start(STUCK);
    register();
    CompletableFuture<Ended> push = pushing(place.site("patient", "one"));
    awaitBuild("patient", "running");
    for (int i = 0; i < 2; i++) {
      paasd.stop();
      paasd.start(STUCK);
      awaitBuild("patient", "running");
    }
    paasd.stop();
    var unused = push.get(60, TimeUnit.SECONDS);
    paasd.start("none");
    awaitBuild("patient", "succeeded");
  }

  /** The port of SSH is opened last by paasd's own start, that of the API after it. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void startsThatFailCountForNothing(boolean ssh) throws Exception {
    paasd.start(STUCK);
    register();
    CompletableFuture<Ended> push = pushing(place.site("waiting", "one"));
    awaitBuild("waiting", "running");
    paasd.stop();
    var unused = push.get(60, TimeUnit.SECONDS);
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), ssh ? paasd.sshPort() : paasd.apiPort()));
      for (int i = 0; i < 2; i++) {
        Process failed = paasd.launch(STUCK);
        assertThat(failed.waitFor(120, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(failed.exitValue()).as(paasd.log()).isEqualTo(75);
      }
    }
    paasd.start("none");
    awaitBuild("waiting", "succeeded");
    assertThat(paasd.log()).doesNotContain("under way when a daemon died");
  }

  @Test
  void workBesideOthersIsNotBlamedAndThenGoesOneByOne() throws Exception {
    paasd.start(STUCK);
    register();
    CompletableFuture<Ended> one = pushing(place.site("left", "one"));
    CompletableFuture<Ended> other = pushing(place.site("right", "one"));
    awaitBuild("left", "running");
    awaitBuild("right", "running");
    paasd.kill();
    one.get(60, TimeUnit.SECONDS);
    other.get(60, TimeUnit.SECONDS);

    // One of them is taken up now, and this death is the first that it was alone at.
    paasd.start(STUCK);
    Awaitility.await().atMost(SETTLED_WITHIN).until(() -> begunAgain() == 1);
    paasd.kill();
    assertThat(begunAgain()).as("taken up since the first death").isEqualTo(1);

    paasd.start("none");
    awaitBuild("left", "succeeded");
    awaitBuild("right", "succeeded");
  }

  /** The runtime is away and back; what it says of its end decides. */
  @ParameterizedTest
  @CsvSource({"true, failed, build.poisoned", "false, succeeded, ''"})
  void workThatIsAloneAtTwoDeathsOfTheRuntimeIsNotTakenUpAgain(
      boolean died, String state, String code) throws Exception {
    daemons.runtime().buildsWait(true);
    paasd.start("none");
    register();
    CompletableFuture<Ended> push = pushing(place.site("heavy", "one"));
    for (int i = 0; i < 2; i++) {
      Awaitility.await().atMost(SETTLED_WITHIN).until(() -> daemons.runtime().building() == 1);
      daemons.replaceRuntime(died, died || i == 0);
    }
    awaitBuild("heavy", state);
    JsonNode build = paasd.get("/v1/apps/heavy/builds").get(0);
    assertThat(build.path("problem").path("code").asText()).isEqualTo(code);
    Ended end = push.get(60, TimeUnit.SECONDS);
    assertThat(end.code()).as(end.output()).isEqualTo(died ? 1 : 0);
  }

  private long begunAgain() throws IOException {
    String log = paasd.log();
    String sinceDeath = log.substring(log.indexOf("under way when a daemon died"));
    return sinceDeath.lines().filter(line -> line.contains("build started")).count();
  }

  private CompletableFuture<Ended> pushing(Path site) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return place.git(site, "push", "paas", "main");
          } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException(failed);
          }
        });
  }

  private void awaitBuild(String app, String state) {
    Awaitility.await(app + " is " + state)
        .atMost(SETTLED_WITHIN)
        .pollInterval(Duration.ofMillis(200))
        .untilAsserted(
            () ->
                assertThat(paasd.get("/v1/apps/" + app + "/builds").path(0).path("state").asText())
                    .isEqualTo(state));
  }

  private void register() throws Exception {
    paasd.call("POST", "/v1/keys", "{\"name\":\"k\",\"key\":\"" + place.publicKey() + "\"}");
  }
}
