package dev.paas.builder.dockerfile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.fake.KnownImages;
import dev.paas.builder.fake.TestTree;
import dev.paas.builder.plan.BuildOptions;
import dev.paas.builder.plan.Plan;
import dev.paas.contract.runtime.HealthCheck;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Node;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HEALTHCHECK and ONBUILD: what an image says to whoever uses it. */
class HealthChecksTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NONE | NONE | 0 0 0 0 0",
        "none | NONE | 0 0 0 0 0",
        "--retries=3 --nothing NONE | NONE | 0 0 0 0 0",
        "CMD curl -f http://x/ && a | CMD-SHELL,curl -f http://x/ && a | 0 0 0 0 0",
        "cmd [\"a\", \"b c\"] | CMD,a,b c | 0 0 0 0 0",
        "--interval=30s --timeout=1m30s CMD x | CMD-SHELL,x | 30000 90000 0 0 0",
        "--start-period=1.5s --start-interval=500ms CMD x | CMD-SHELL,x | 0 0 1500 500 0",
        "--retries=5 CMD x | CMD-SHELL,x | 0 0 0 0 5",
        "--interval=0 CMD x | CMD-SHELL,x | 0 0 0 0 0",
        "--interval=1h0.5m CMD x | CMD-SHELL,x | 3630000 0 0 0 0",
      })
  void isKeptAsDockerKeepsIt(String written, String test, String numbers) throws IOException {
    ImageConfig config = plan("FROM debian\nHEALTHCHECK " + written).config();
    HealthCheck check = config.getHealthCheck();
    assertThat(String.join(",", check.getTestList())).isEqualTo(test);
    assertThat(
            "%d %d %d %d %d"
                .formatted(
                    check.getIntervalNanos() / 1_000_000,
                    check.getTimeoutNanos() / 1_000_000,
                    check.getStartPeriodNanos() / 1_000_000,
                    check.getStartIntervalNanos() / 1_000_000,
                    check.getRetries()))
        .isEqualTo(numbers);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "curl x | dockerfile.bad-health-check",
        "NONE x | dockerfile.bad-health-check",
        "CMD | dockerfile.no-arguments",
        "--every=3s CMD x | dockerfile.unsupported-flag",
        "--interval=soon CMD x | dockerfile.bad-duration",
        "--interval=5 CMD x | dockerfile.bad-duration",
        "--interval=10us CMD x | dockerfile.bad-duration",
        "--interval=999999999999h CMD x | dockerfile.bad-duration",
        "--interval= CMD x | dockerfile.bad-duration",
        "--retries=many CMD x | dockerfile.bad-number",
      })
  void mistakesAreRefused(String written, String code) {
    assertThatThrownBy(() -> plan("FROM debian\nHEALTHCHECK " + written))
        .isInstanceOfSatisfying(
            PaasException.class, e -> assertThat(e.problem().code()).isEqualTo(code));
  }

  @Test
  void whatAnImageAsksForIsDoneFirstAndOnce() throws IOException {
    KnownImages images =
        KnownImages.usual()
            .with(
                "onbuild",
                ImageConfig.newBuilder()
                    .addEnv("PATH=/bin")
                    .addOnBuild("ENV FROM_BASE=1")
                    .addOnBuild("COPY --from=tools /t /t")
                    .addOnBuild("RUN <<EOF\nfirst\nEOF"));
    Plan plan = plan("FROM debian AS tools\nRUN tools\nFROM onbuild\nRUN second\nCMD x", images);
    List<String> commands =
        plan.draft().getNodesList().stream()
            .filter(Node::hasExec)
            .map(node -> node.getExec().getArgv(2))
            .toList();
    assertThat(commands).containsExactly("tools", "first\n", "second");
    assertThat(plan.config().getEnvList()).contains("FROM_BASE=1");
    assertThat(plan.config().getOnBuildList()).isEmpty();
  }

  @Test
  void whatAStageAsksForIsDoneByStagesThatBeginWithIt() throws IOException {
    Plan plan =
        plan(
            """
            FROM debian AS base
            ONBUILD RUN echo $x
            ONBUILD HEALTHCHECK NONE
            FROM base
            ENV x=1
            ONBUILD USER app
            CMD x
            """);
    assertThat(plan.draft().getNodesList().stream().filter(Node::hasExec)).hasSize(1);
    assertThat(plan.config().getHealthCheck().getTestList()).containsExactly("NONE");
    assertThat(plan.config().getOnBuildList()).containsExactly("USER app");
  }

  @Test
  void whatManyStagesAreAskedForIsBounded() {
    StringBuilder large = new StringBuilder("FROM scratch AS b\n");
    for (int i = 0; i < 10; i++) {
      large.append("ONBUILD RUN ").append("x".repeat(50_000)).append(i).append('\n');
    }
    StringBuilder last = new StringBuilder("FROM scratch\n");
    for (int i = 0; i < 90; i++) {
      large.append("FROM b AS s").append(i).append('\n');
      last.append("COPY --from=s").append(i).append(" /a /a\n");
    }
    assertThatThrownBy(() -> plan(large.toString() + last))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> assertThat(e.problem().code()).isEqualTo("dockerfile.too-large"));
    StringBuilder many = new StringBuilder("FROM scratch AS b\n" + "ONBUILD USER a\n".repeat(90));
    for (int i = 0; i < 90; i++) {
      many.append("FROM b AS s").append(i).append('\n');
    }
    assertThatThrownBy(() -> plan(many.toString() + last))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> assertThat(e.problem().code()).isEqualTo("dockerfile.too-many"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ONBUILD | dockerfile.no-arguments",
        "ONBUILD ONBUILD RUN x | dockerfile.bad-trigger",
        "ONBUILD from x | dockerfile.bad-trigger",
        "ONBUILD MAINTAINER x | dockerfile.bad-trigger",
        "ONBUILD RUNN x | dockerfile.unknown-instruction",
      })
  void whatCantBeAskedForIsRefused(String line, String code) {
    assertThatThrownBy(() -> plan("FROM debian\n" + line))
        .isInstanceOfSatisfying(
            PaasException.class, e -> assertThat(e.problem().code()).isEqualTo(code));
  }

  private static Plan plan(String dockerfile) throws IOException {
    return plan(dockerfile, KnownImages.usual());
  }

  private static Plan plan(String dockerfile, KnownImages images) throws IOException {
    return new Dockerfile()
        .plan(
            TestTree.of("Dockerfile", dockerfile),
            images,
            BuildOptions.of("stack", PlatformSettings.DEFAULTS.planning()));
  }
}
