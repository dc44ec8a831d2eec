package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.api.boot.Workplace.Ended;
import dev.paas.api.fake.FakeDaemons;
import dev.paas.api.fake.MemoryScheduler;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A restart of one instance that was acknowledged happens whoever is killed meanwhile. */
final class InstanceRestartFaultIT {

  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(60);

  @TempDir Path folder;

  private Paasd paasd;
  private FakeDaemons daemons;
  private Workplace place;

  @BeforeEach
  void sitDown() throws Exception {
    paasd = new Paasd(folder);
    daemons = new FakeDaemons(paasd.run());
    place = new Workplace(folder.resolve("place"), paasd.sshPort());
    paasd.start("none");
    paasd.call("POST", "/v1/keys", "{\"name\":\"k\",\"key\":\"" + place.publicKey() + "\"}");
    Ended push = place.git(place.site("kept", "one"), "push", "paas", "main");
    assertThat(push.code()).as(push.output()).isZero();
  }

  @AfterEach
  void leave() throws Exception {
    paasd.kill();
    daemons.close();
  }

  @Test
  void aRestartThatWasPromisedBeforeAKillHappensAfterIt() throws Exception {
    int before = pid();
    instances().stopsFail(Integer.MAX_VALUE);
    JsonNode promised = paasd.call("POST", "/v1/apps/kept/instances/web/1/restart", "{}");
    assertThat(promised.path("instance").asText()).isEqualTo("web.1");
    paasd.kill();
    instances().stopsFail(0);
    assertThat(pid()).isEqualTo(before);

    paasd.start("none");
    Awaitility.await()
        .atMost(SETTLED_WITHIN)
        .until(() -> instances().instances("kept").stream().anyMatch(it -> it.pid() > before));
  }

  @Test
  void whereNobodyKnowsWhatRunsNothingIsPromised() throws Exception {
    instances().away(true);
    Awaitility.await()
        .atMost(SETTLED_WITHIN)
        .untilAsserted(
            () ->
                assertThat(
                        paasd
                            .call("POST", "/v1/apps/kept/instances/web/1/restart", "{}")
                            .path("code")
                            .asText())
                    .isEqualTo("runtime.unavailable"));
  }

  private int pid() {
    return instances().instances("kept").get(0).pid();
  }

  private MemoryScheduler instances() {
    return daemons.runtime().instances();
  }
}
