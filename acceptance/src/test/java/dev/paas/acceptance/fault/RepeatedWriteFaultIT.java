package dev.paas.acceptance.fault;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Api;
import dev.paas.acceptance.platform.Api.Answer;
import dev.paas.acceptance.platform.FaultPlatform;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A client that does not know whether its write arrived, and sends it again and again. */
@ExtendWith(FaultPlatform.class)
final class RepeatedWriteFaultIT {
  private static final int AT_ONCE = 50;

  private final Platform platform;
  private final Api api;

  RepeatedWriteFaultIT(Platform platform) {
    this.platform = platform;
    this.api = new Api(platform);
  }

  /** F34 in docs/reliability.md. */
  @Test
  void fiftyRollbacksUnderOneKeyAreOneRelease() {
    try (GitApp app = GitApp.of(platform, "again", Map.of("index.html", "version 1\n"))) {
      app.push().succeed();
      app.change("index.html", "version 1", "version 2");
      app.push().succeed();
      String path = "/v1/apps/" + app.name() + "/rollback";

      Set<Answer> answers = repeat(path, "{\"to\": \"v1\"}", "rollback of " + app.name());

      assertThat(answers).as("the answers").hasSize(1);
      assertThat(answers.iterator().next().status()).isEqualTo(202);
      app.paas("scale", "web=1").succeed(); // comes after the rollback
      assertThat(app.body("/")).contains("version 1");
      assertThat(app.paasJson("releases")).hasSize(3);
      Answer other = api.postOnce(path, "{\"to\": \"v2\"}", "rollback of " + app.name()).join();
      assertThat(other.status()).isEqualTo(409);
      assertThat(other.json().path("code").asText()).isEqualTo("idempotency.conflict");
      assertThat(other.json().path("fix").asText()).isNotEmpty();
    }
    Aftermath.isClean(platform);
  }

  /** F34 in docs/reliability.md. */
  @Test
  void fiftyCreationsUnderOneKeyAreOneApp() {
    String name = platform.newAppName("once");
    try {
      Set<Answer> answers =
          repeat("/v1/apps", "{\"name\": \"" + name + "\"}", "creation of " + name);
      assertThat(answers).as("the answers").hasSize(1);
      assertThat(answers.iterator().next().status()).isEqualTo(201);
      Answer otherKey =
          api.postOnce("/v1/apps", "{\"name\": \"" + name + "\"}", "another of " + name).join();
      assertThat(otherKey.status()).isEqualTo(409);
      assertThat(otherKey.json().path("code").asText()).isEqualTo("app.exists");
      Answer otherBody =
          api.postOnce("/v1/apps", "{\"name\": \"" + name + "x\"}", "creation of " + name).join();
      assertThat(otherBody.json().path("code").asText()).isEqualTo("idempotency.conflict");
      assertThat(platform.paas("apps").succeed().out()).doesNotContain(name + "x");
    } finally {
      platform.paas("destroy", "-a", name, "--confirm", name).run();
    }
    Aftermath.isClean(platform);
  }

  /** The different answers to the same write, sent many times at once. */
  private Set<Answer> repeat(String path, String body, String key) {
    List<CompletableFuture<Answer>> asked = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      asked.add(api.postOnce(path, body, key).orTimeout(120, TimeUnit.SECONDS));
    }
    Set<Answer> answers = new HashSet<>();
    asked.forEach(answer -> answers.add(answer.join()));
    return answers;
  }
}
