package dev.paas.acceptance.platform;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * What must hold after every fault and every attack: the API answers, a new push deploys and
 * serves, and {@code paas doctor} finds no error and nothing that is left over.
 */
public final class Aftermath {
  /** From the end of a fault until what it left has been found and removed. */
  private static final Duration HEALED_WITHIN = Duration.ofSeconds(90);

  private Aftermath() {}

  /** Asks the platform itself; the caller has ended the fault. */
  public static void isClean(Platform platform) {
    Awaitility.await("the API answers")
        .atMost(HEALED_WITHIN)
        .until(() -> platform.paas("apps").run().exit() == 0);
    try (GitApp fresh =
        GitApp.of(platform, "after", Map.of("index.html", "<p>still deploys</p>\n"))) {
      fresh.push().succeed();
      assertThat(fresh.body("/")).contains("still deploys");
    }
    Awaitility.await("nothing is left over")
        .atMost(HEALED_WITHIN)
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .untilAsserted(() -> assertThat(complaints(platform)).isEmpty());
  }

  /** Doctor's errors, and its findings about orphans that are not OK; it must look for some. */
  private static List<String> complaints(Platform platform) {
    List<String> complaints = new ArrayList<>();
    boolean looked = false;
    for (JsonNode finding : platform.paasJson("doctor").path("findings")) {
      String level = finding.path("level").asText();
      boolean orphans = finding.path("probe").asText().contains("orphan");
      looked |= orphans;
      if (level.equals("error") || (orphans && !level.equals("ok"))) {
        complaints.add(finding.toString());
      }
    }
    assertThat(looked).as("doctor looks for what is left over").isTrue();
    return complaints;
  }
}
