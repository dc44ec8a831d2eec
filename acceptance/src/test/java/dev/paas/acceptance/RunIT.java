package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** One-off runs and logs. */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RunIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final Platform platform;
  private final GitApp app;

  RunIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.probe(platform);
  }

  @BeforeAll
  void push() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
  }

  @Test
  void oneOffRunHasItsStreamsAndItsExitCode() {
    Command.Outcome run =
        app.paas("run", "--", "sh", "-c", "echo to out; echo to err >&2; exit 3").run();
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.out()).isEqualTo("to out\n");
    assertThat(run.err()).contains("to err");
  }

  @Test
  void oneOffRunReadsItsInput() {
    assertThat(app.paas("run", "--", "tr", "a-z", "A-Z").reading("shout this\n").succeed().out())
        .isEqualTo("SHOUT THIS\n");
  }

  @Test
  void oneOffRunSeesTheConfig() {
    app.paas("config", "set", "COLOUR=green").succeed();
    assertThat(app.paas("run", "--", "sh", "-c", "echo $COLOUR").succeed().out())
        .isEqualTo("green\n");
  }

  @Test
  void commandThatIsNotThereIsSaid() {
    Command.Outcome run = app.paas("run", "--", "no-such-program").run();
    assertThat(run.exit()).isNotZero();
    assertThat(run.all()).contains("no-such-program");
  }

  @Test
  void aRunGoesOnWhenTheControlPlaneIsKilled() {
    String script = "trap 'echo after; exit 7' TERM; echo before; while :; do sleep 0.1; done";
    try (Command.Running run = app.paas("run", "--", "sh", "-c", script).start()) {
      Awaitility.await("it runs").atMost(SOON).until(() -> run.output().equals("before\n"));
      platform.kill("paasd");
      platform.awaitReady();
      Awaitility.await("it is attached to again")
          .atMost(SOON)
          .ignoreExceptionsInstanceOf(AssertionError.class)
          .until(() -> attached().path("attached").asInt() == 1);
      assertThat(run.alive()).isTrue();
      app.paas("run:stop", attached().path("id").asText()).succeed();
      Command.Outcome over = run.await(SOON);
      assertThat(over.exit()).isEqualTo(7);
      assertThat(over.out()).isEqualTo("before\nafter\n");
    }
  }

  /** The only run that is not over. */
  private JsonNode attached() {
    for (JsonNode run : app.paasJson("run:list")) {
      if (run.path("exit").isNull()) {
        return run;
      }
    }
    throw new AssertionError("no run is under way");
  }

  @Test
  void logsFollow() {
    try (Command.Running logs = app.paas("logs", "-t").start()) {
      app.body("/say?text=first-word");
      Awaitility.await("the line comes")
          .atMost(Duration.ofSeconds(20))
          .until(() -> logs.output().contains("first-word"));
      app.body("/say?text=second-word");
      Awaitility.await("the next one too")
          .atMost(Duration.ofSeconds(20))
          .until(() -> logs.output().contains("second-word"));
      assertThat(logs.alive()).isTrue();
    }
  }

  @Test
  void lastLinesAreToldWithTheirInstance() {
    app.body("/say?text=remember-me");
    Awaitility.await("the line is in the log")
        .atMost(Duration.ofSeconds(20))
        .until(() -> app.paas("logs", "-n", "20").succeed().out().contains("remember-me"));
    assertThat(app.paas("logs", "-n", "20").succeed().out()).contains("web.1");
  }

  @Test
  void instanceThatDiesIsStartedAgainAndItsEndIsKnown() {
    String before = app.body("/boot");
    app.body("/exit?code=4");
    Awaitility.await("another process answers")
        .atMost(Duration.ofSeconds(30))
        .ignoreExceptionsInstanceOf(AssertionError.class)
        .until(() -> !app.body("/boot").equals(before));
    assertThat(app.paasJson("ps").path("instances").get(0).path("lastExit").path("code").asInt())
        .isEqualTo(4);
  }
}
