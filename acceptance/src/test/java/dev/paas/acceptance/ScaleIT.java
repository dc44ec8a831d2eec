package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import dev.paas.acceptance.platform.Traffic;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** More and fewer instances, without touching those that stay. */
@ExtendWith(SharedPlatform.class)
final class ScaleIT {
  private final Platform platform;

  ScaleIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void fourInstancesAnswerAndTheFirstKeepsItsPid() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> one = app.pids();
      assertThat(one).containsOnlyKeys("web.1");

      app.paas("scale", "web=4").succeed();
      Map<String, Long> four = app.pids();
      assertThat(four)
          .containsOnlyKeys("web.1", "web.2", "web.3", "web.4")
          .containsAllEntriesOf(one);
      assertThat(four.values()).doesNotHaveDuplicates();
      assertThat(app.answers("/boot", 100)).hasSize(4);

      app.paas("scale", "web=1").succeed();
      assertThat(app.pids()).isEqualTo(one);
      assertThat(app.answers("/boot", 20)).hasSize(1);
    }
  }

  @Test
  void scalingLosesNoRequest() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      try (Traffic traffic = new Traffic(platform, app.name(), "/slow?ms=20")) {
        app.paas("scale", "web=3").succeed();
        traffic.flowsOn(50);
        app.paas("scale", "web=1").succeed();
        traffic.flowsOn(50);
        assertThat(traffic.failures()).isEmpty();
      }
    }
  }

  @Test
  void nonsenseIsRefusedWithAFix() {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      assertThat(app.paas("scale", "web=-1").fail().err())
          .contains("error:")
          .contains("fix:")
          .contains("-1");
      assertThat(app.paas("scale", "wbe=2").fail().err())
          .contains("error:")
          .contains("fix:")
          .contains("web");
      assertThat(app.paas("scale", "web=100000").fail().err()).contains("error:").contains("fix:");
      assertThat(app.paas("scale", "web=many").fail().err()).contains("many");
      assertThat(app.pids()).isEqualTo(before);
    }
  }
}
