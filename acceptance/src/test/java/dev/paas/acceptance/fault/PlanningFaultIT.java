package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What says how an app is built is read when it is pushed, whatever it holds and whoever builds.
 */
@ExtendWith(SharedPlatform.class)
final class PlanningFaultIT {

  /** A fraction of a second on an idle machine. */
  private static final Duration AT_ONCE = Duration.ofSeconds(20);

  private final Platform platform;

  PlanningFaultIT(Platform platform) {
    this.platform = platform;
  }

  /** F44 in docs/reliability.md. */
  @Test
  void filesThatOnceStoppedThePlatformAreAnsweredAtOnce() {
    String from = "FROM debian:bookworm-slim\n";
    Map<String, String> hostile =
        Map.of(
            lines(10_000, i -> "FROM " + (i == 0 ? "scratch" : "s" + (i - 1)) + " AS s" + i),
            "dockerfile.too-many",
            from + "ENV A=" + "x".repeat(100_000) + "\n" + lines(1900, i -> "ENV B" + i + "=$A"),
            "dockerfile.too-large",
            from + "COPY " + "a ".repeat(490_000) + "/x/\n",
            "dockerfile.too-many",
            from + lines(60_000, i -> "VOLUME /v" + i),
            "dockerfile.too-many",
            from + "EXPOSE 1-65535\n",
            "dockerfile.too-many",
            from + "ENV A=a\u0000b\n",
            "dockerfile.nul",
            from + "CMD [\"a\\u0000b\"]\n",
            "dockerfile.nul");
    for (Map.Entry<String, String> input : hostile.entrySet()) {
      try (GitApp app = GitApp.of(platform, "hostile", Map.of("Dockerfile", input.getKey()))) {
        refusedAtOnce(app, input.getValue());
        assertThat(app.paasJson("builds").toString()).contains("failed").contains(input.getValue());
      }
    }
    Aftermath.isClean(platform);
  }

  /** F45 in docs/reliability.md. */
  @Test
  void mistakesAreAnsweredWhileEveryPlaceIsTaken() {
    List<GitApp> slow = new ArrayList<>();
    List<Command.Running> pushes = new ArrayList<>();
    try (GitApp nothing = GitApp.of(platform, "nothing", Map.of("notes.txt", "none\n"));
        GitApp syntax =
            GitApp.of(platform, "syntax", Map.of("Dockerfile", "FROM scratch\nRUNN a\n"));
        GitApp lines =
            GitApp.of(
                platform, "lines", Map.of("index.html", "<p>x</p>\n", "Procfile", "web node\n"))) {
      for (int i = 0; i < 4; i++) {
        GitApp app =
            GitApp.of(
                platform,
                "slow",
                Map.of(
                    "Dockerfile",
                    "FROM debian:bookworm-slim\nRUN sleep 30; : " + i + "\nCMD [\"true\"]\n"));
        slow.add(app);
        pushes.add(app.push().start());
      }
      Awaitility.await("every place is taken")
          .atMost(Duration.ofMinutes(1))
          .until(
              () ->
                  pushes.stream().anyMatch(push -> push.errors().contains("Waiting for its turn")));
      refusedAtOnce(nothing, "build.nothing-detected");
      refusedAtOnce(syntax, "dockerfile.unknown-instruction");
      refusedAtOnce(lines, "procfile.no-colon");
    } finally {
      pushes.forEach(Command.Running::close);
      slow.forEach(GitApp::close);
    }
    Aftermath.isClean(platform);
  }

  private static void refusedAtOnce(GitApp app, String code) {
    long start = System.nanoTime();
    String said = app.push().fail().err();
    assertThat(said).contains(code).contains("pre-receive hook declined");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(AT_ONCE);
  }

  private static String lines(int count, IntFunction<String> line) {
    return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
  }
}
