package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What somebody learns and can do who may not: nothing that tells there from not there. */
@ExtendWith(SharedPlatform.class)
final class ForeignThreatIT {
  private final Platform platform;
  private final HttpClient http = HttpClient.newHttpClient(); // speaks HTTP/2 if it may

  ForeignThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T4 in docs/reliability.md. */
  @Test
  void usersAndAppsCannotBeToldFromNone() throws Exception {
    String unknown = OtherUser.newKey(platform, "unknown");
    try (GitApp app = GitApp.of(platform, "secret", Map.of("index.html", "<p>first</p>\n"));
        OtherUser mallory = new OtherUser(platform, "mallory")) {
      app.push().succeed();
      // A key that nobody has, for names that somebody has and nobody has.
      Map<String, String> unknownUser = OtherUser.environment(platform, unknown);
      String denied = asUser("admin", unknownUser);
      for (String name : List.of("mallory", "paas", "root", "no-such-user")) {
        assertThat(asUser(name, unknownUser).replace(name + "@", "admin@")).isEqualTo(denied);
      }
      // A token of a user, changed, and one of nobody.
      String wrong = mallory.token().substring(0, mallory.token().length() - 3) + "AAA";
      assertThat(answer(wrong, "GET", "/v1/apps"))
          .isEqualTo(answer("paas_" + "A".repeat(43), "GET", "/v1/apps"))
          .startsWith("401 ");

      String nobodys = app.name().replace("secret", "secrex");
      for (String path :
          List.of(
              "",
              "/config",
              "/ps",
              "/releases",
              "/releases/v1",
              "/deployments/1",
              "/builds",
              "/builds/1/output",
              "/logs",
              "/domains",
              "/runs/1/output")) {
        assertSame(mallory.token(), "GET", app.name(), nobodys, path);
      }
      for (String path :
          List.of("/scale", "/stop", "/start", "/restart", "/rollback", "/runs", "/domains")) {
        assertSame(mallory.token(), "POST", app.name(), nobodys, path);
      }
      assertSame(mallory.token(), "DELETE", app.name(), nobodys, "");
      assertSame(mallory.token(), "DELETE", app.name(), nobodys, "/domains/x.example.org");
      assertSame(mallory.token(), "PATCH", app.name(), nobodys, "/config");

      Command.Outcome theirs = mallory.ssh("git-upload-pack '" + app.name() + "'").fail();
      Command.Outcome none = mallory.ssh("git-upload-pack '" + nobodys + "'").fail();
      assertThat(theirs.exit()).isEqualTo(none.exit());
      assertThat(theirs.all()).isEqualTo(none.all().replace(nobodys, app.name()));
      assertThat(mallory.paas("apps").succeed().all()).doesNotContain(app.name());
    } finally {
      Command.of("rm", "-f", unknown, unknown + ".pub").succeed();
    }
    Aftermath.isClean(platform);
  }

  private String asUser(String name, Map<String, String> environment) {
    return Command.of(
            "sh",
            "-c",
            environment.get("GIT_SSH_COMMAND")
                + " -p "
                + platform.variable("PAAS_SSH_PORT")
                + " "
                + name
                + "@localhost apps")
        .fail()
        .all();
  }

  private void assertSame(String token, String method, String there, String nobodys, String path)
      throws Exception {
    String foreign = answer(token, method, "/v1/apps/" + there + path);
    assertThat(foreign)
        .as(method + " " + path)
        .startsWith("404 ")
        .isEqualTo(answer(token, method, "/v1/apps/" + nobodys + path).replace(nobodys, there));
  }

  private String answer(String token, String method, String path)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(platform.variable("PAAS_API") + path))
            .header("Authorization", "Bearer " + token);
    if (method.equals("GET") || method.equals("DELETE")) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      String body =
          Map.of(
                  "/scale", "{\"processes\":{\"web\":1}}",
                  "/runs", "{\"command\":[\"true\"]}",
                  "/domains", "{\"host\":\"x.example.org\"}",
                  "/config", "{\"set\":{\"A\":\"1\"}}")
              .getOrDefault(path.substring(path.lastIndexOf('/')), "{}");
      request
          .header("Content-Type", "application/json")
          .method(method, HttpRequest.BodyPublishers.ofString(body));
    }
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return response.statusCode() + " " + response.body();
  }

  /** T9 in docs/reliability.md. */
  @Test
  void aPushToAnothersAppIsAnsweredAsToNoneAndIsAudited() throws IOException {
    try (GitApp app = GitApp.probe(platform);
        OtherUser mallory = new OtherUser(platform, "mallory")) {
      app.push().succeed();
      Map<String, Long> before = app.pids();
      String main = app.git("ls-remote", "paas", "refs/heads/main").succeed().out();
      app.change("server.js", "version 1", "version 2");
      Map<String, String> environment = new HashMap<>(mallory.environment());
      Command.Outcome push = app.git("push", "--force", "paas", "main").with(environment).fail();
      assertThat(push.err())
          .startsWith("error: There is no app of this name, or it is not yours: " + app.name())
          .doesNotContain("admin");
      app.git("push", "paas", ":main").with(environment).fail();
      app.git("fetch", "paas").with(environment).fail();
      assertThat(app.body("/")).contains("version 1");
      assertThat(app.pids()).isEqualTo(before);
      assertThat(app.git("ls-remote", "paas", "refs/heads/main").succeed().out()).isEqualTo(main);
      assertThat(Files.readString(platform.folder().resolve("log/paasd/current")))
          .containsPattern(
              "user=mallory key=SHA256:\\S+ app=" + app.name() + " .*audit: repository refused");
    }
    Aftermath.isClean(platform);
  }
}
