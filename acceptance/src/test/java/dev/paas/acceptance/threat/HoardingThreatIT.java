package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Somebody who keeps as much as they can. */
@ExtendWith(SharedPlatform.class)
final class HoardingThreatIT {

  private static final int LAYER_BYTES = 200 << 20;

  /** Room for one such layer and the image below it, not for two. */
  private static final String LIMIT = "disk=400MiB";

  private final Platform platform;

  HoardingThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T62 in docs/reliability.md. */
  @Test
  void aBuildBeyondTheDiskOfItsUserIsRefusedAndHasRoomOnceSomethingWent() {
    try (OtherUser hoarder = new OtherUser(platform, "hoarder");
        GitApp kept = hoard("kept");
        GitApp more = hoard("more")) {
      platform.paas("quota", "hoarder", LIMIT).succeed();
      kept.push().with(hoarder.environment()).succeed();

      Command.Outcome refused = more.push().with(hoarder.environment()).fail();
      assertThat(refused.exit()).isEqualTo(1);
      assertThat(refused.err()).contains("(quota.disk)", "pre-receive hook declined");
      assertThat(kept.paas("releases").succeed().out()).contains("v1");

      hoarder.paas("destroy", "--app", kept.name(), "--confirm", kept.name()).succeed();
      more.push().with(hoarder.environment()).succeed();
    } finally {
      platform.paas("quota", "hoarder", "disk=default").run();
    }
    Aftermath.isClean(platform);
  }

  private GitApp hoard(String name) {
    return GitApp.of(
        platform,
        name,
        Map.of(
            "Dockerfile",
            "FROM debian:bookworm-slim\nRUN head -c "
                + LAYER_BYTES
                + " /dev/urandom >/"
                + name
                + "\n",
            "Procfile",
            "worker: sleep infinity\n"));
  }
}
