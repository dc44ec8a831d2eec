package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Commands that can't be meant: each says what, repeats the value, and says how to fix it. */
@ExtendWith(SharedPlatform.class)
final class BadInputIT {
  private static final int NOT_UNDERSTOOD = 2;
  private static final int NOT_FOUND = 3;

  private final Platform platform;

  BadInputIT(Platform platform) {
    this.platform = platform;
  }

  @Test
  void everyMistakeIsNamedWithItsFixAndChangesNothing() {
    try (GitApp app = GitApp.of(platform, "input", Map.of("index.html", "<p>first</p>\n"))) {
      app.push().succeed();
      String releases = app.paas("releases", "--json").succeed().out();
      Map<String, Long> pids = app.pids();

      refused(app, 1, "web=-1", "Use 0", "scale", "web=-1");
      refused(app, 1, "web=100000", "deploy.max-instances", "scale", "web=100000");
      refused(app, 1, "web=99999999999", "deploy.max-instances", "scale", "web=99999999999");
      refused(app, 1, "wbe", "Did you mean web?", "scale", "wbe=2");
      refused(app, 1, "worker", "It has web", "scale", "worker=1");
      refused(app, NOT_UNDERSTOOD, "web=many", "Write TYPE=N", "scale", "web=many");
      refused(app, NOT_UNDERSTOOD, "web=1.5", "Write TYPE=N", "scale", "web=1.5");
      refused(app, 1, "wbe", "Did you mean web?", "logs", "-p", "wbe");
      refused(app, 1, "wbe", "Did you mean web?", "logs", "-p", "wbe.1");
      refused(app, 1, "-5", "0 to 10000", "logs", "-n", "-5");
      refused(app, 1, "wbe", "Did you mean web?", "restart", "wbe");
      refused(app, NOT_FOUND, "v99", "paas releases", "rollback", "v99");
      refused(app, 1, "newest", "v3", "rollback", "newest");

      String names = "Use upper-case letters";
      refused(app, 1, "1A", names, "config:set", "1A=x");
      refused(app, 1, "A B", names, "config:set", "A B=");
      refused(app, 1, "lower", names, "config:set", "lower=x");
      refused(app, 1, "A\\u000aB", names, "config:set", "A\nB=x");
      refused(app, 1, "A".repeat(200), "at most 128", "config:set", "A".repeat(300) + "=x");
      refused(app, NOT_UNDERSTOOD, "=x", "NAME=VALUE", "config:set", "=x");
      refused(app, 1, "PORT", "Choose another name", "config:set", "PORT=80");
      refused(app, 1, "PAAS_X", "Choose another name", "config:set", "PAAS_X=1");
      refused(app, 1, "BIG", "into a file", "config:set", "BIG=" + "x".repeat(70_000));
      refused(app, NOT_FOUND, "NOPE", "paas config", "config:get", "NOPE");

      assertThat(app.paas("releases", "--json").succeed().out()).isEqualTo(releases);
      assertThat(app.pids()).isEqualTo(pids);
    }
  }

  @Test
  void aNameThatNoAppHasLeadsToTheNearest() {
    try (GitApp app = GitApp.of(platform, "nearest", Map.of("index.html", "<p>first</p>\n"))) {
      app.push().succeed();
      String slip = app.name().replace("nearest", "naerest");
      Command.Outcome outcome = platform.paas("ps", "-a", slip).fail();
      assertThat(outcome.exit()).isEqualTo(NOT_FOUND);
      assertThat(outcome.err()).contains(slip).contains("Did you mean " + app.name() + "?");
    }
  }

  @Test
  void aValueMayComeThroughAPipe() {
    try (GitApp app = GitApp.of(platform, "pipe", Map.of("index.html", "<p>first</p>\n"))) {
      app.push().succeed();
      app.paas("config:set", "PIPED").reading("a = b\nc").succeed();
      assertThat(app.paas("config:get", "PIPED").succeed().out()).isEqualTo("a = b\nc\n");
    }
  }

  private static void refused(GitApp app, int exit, String value, String fix, String... command) {
    Command.Outcome outcome = app.paas(command).fail();
    List<String> said = outcome.err().lines().toList();
    assertThat(outcome.exit()).as(Arrays.toString(command)).isEqualTo(exit);
    assertThat(said).as(outcome.err()).hasSize(2);
    assertThat(said.get(0)).startsWith("error: ").contains(value);
    assertThat(said.get(1)).startsWith("fix: ").contains(fix);
  }
}
