package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Tokens that are used for more, or for longer, than they were given for. */
@ExtendWith(SharedPlatform.class)
final class TokenThreatIT {
  private static final int NOT_ALLOWED = 4;

  private final Platform platform;

  TokenThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T19 in docs/reliability.md. */
  @Test
  void aTokenToReadChangesNothingAndSeesNoSecret() {
    try (GitApp app = GitApp.of(platform, "watched", Map.of("index.html", "<p>first</p>\n"))) {
      app.push().succeed();
      app.paas("config:set", "SECRET=hidden-value").succeed();
      String read = token("watch", "--scope", "read", "--expires", "7d");
      for (String[] look :
          List.of(
              new String[] {"apps"},
              new String[] {"ps", "-a", app.name()},
              new String[] {"releases", "-a", app.name()},
              new String[] {"logs", "-a", app.name()},
              new String[] {"builds", "-a", app.name()})) {
        with(read, look).succeed();
      }
      String releases = app.paas("releases", "--json").succeed().out();
      for (String[] change :
          List.of(
              new String[] {"scale", "web=3", "-a", app.name()},
              new String[] {"restart", "-a", app.name()},
              new String[] {"rollback", "v1", "-a", app.name()},
              new String[] {"config", "-a", app.name()},
              new String[] {"config:set", "A=b", "-a", app.name()},
              new String[] {"run", "-a", app.name(), "--", "true"},
              new String[] {"domains:add", "x.example.org", "-a", app.name()},
              new String[] {"destroy", "-a", app.name(), "--confirm", app.name()},
              new String[] {"create", "another"},
              new String[] {"tokens:create", "more"},
              new String[] {"tokens:revoke", "watch"},
              new String[] {"keys:add", "mine", platform.variable("PAAS_KEY") + ".pub"})) {
        Command.Outcome refused = with(read, change).fail();
        assertThat(refused.exit()).as(change[0]).isEqualTo(NOT_ALLOWED);
        assertThat(refused.all())
            .as(change[0])
            .contains("This token may only read")
            .doesNotContain("hidden-value");
      }
      assertThat(app.paas("releases", "--json").succeed().out()).isEqualTo(releases);
      assertThat(app.pids()).hasSize(1);
      assertThat(platform.paas("tokens").succeed().out()).contains("read");
      platform.paas("tokens:revoke", "watch").succeed();
      assertThat(with(read, "apps").fail().exit()).as("revoked").isEqualTo(NOT_ALLOWED);
    }
    assertThat(platform.paas("tokens:create", "x", "--scope", "admin").fail().err())
        .contains("There is no such scope of a token: admin");
    Aftermath.isClean(platform);
  }

  /** T19 in docs/reliability.md. */
  @Test
  void anExpiredTokenIsRefusedByItself() {
    String brief = token("brief", "--expires", "2s");
    try {
      with(brief, "apps").succeed();
      Awaitility.await("it expires")
          .atMost(Duration.ofSeconds(20))
          .until(() -> with(brief, "apps").run().exit() == NOT_ALLOWED);
    } finally {
      platform.paas("tokens:revoke", "brief").run();
    }
  }

  private String token(String... arguments) {
    String[] argv = new String[arguments.length + 1];
    argv[0] = "tokens:create";
    System.arraycopy(arguments, 0, argv, 1, arguments.length);
    return platform.paas(argv).succeed().out().strip();
  }

  private Command with(String token, String... arguments) {
    return platform.paas(arguments).with(Map.of("PAAS_TOKEN", token));
  }
}
