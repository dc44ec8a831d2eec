package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.paas.acceptance.platform.Authority;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** HTTPS that comes by itself, and certificates that people bring. */
@ExtendWith(SharedPlatform.class)
final class HttpsIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  private final Platform platform;

  HttpsIT(Platform platform) {
    this.platform = platform;
  }

  private Command curl(String host, Path issuer, String... more) {
    String secure = platform.variable("PAAS_HTTPS_PORT");
    List<String> argv =
        new ArrayList<>(
            List.of(
                "curl",
                "-sS",
                "--max-time",
                "20",
                "--cacert",
                issuer.toString(),
                "--resolve",
                host + ":" + secure + ":127.0.0.1",
                "--resolve",
                host + ":" + platform.variable("PAAS_HTTP_PORT") + ":127.0.0.1"));
    argv.addAll(List.of(more));
    return Command.of(argv);
  }

  private String secure(String host, String path) {
    return "https://" + host + ":" + platform.variable("PAAS_HTTPS_PORT") + path;
  }

  private String plain(String host, String path) {
    return "http://" + host + ":" + platform.variable("PAAS_HTTP_PORT") + path;
  }

  private JsonNode state(GitApp app, String host) {
    for (JsonNode one : platform.paasJson("certs", "-a", app.name()).get("hosts")) {
      if (one.get("host").asText().equals(host)) {
        return one;
      }
    }
    throw new AssertionError(host + " is not the app's");
  }

  private void awaitState(GitApp app, String host, String state) {
    await().atMost(SOON).until(() -> state(app, host).get("state").asText().equals(state));
  }

  @Test
  void aPushIsAllThatASecureHostTakesAndItStaysSoThroughKillsAndAnAuthorityThatIsAway()
      throws IOException {
    Path settings = platform.folder().resolve("paas.toml");
    String before = Files.readString(settings);
    try (Authority authority = new Authority(platform.scratch().resolve("authority"), platform);
        GitApp app = GitApp.probe(platform)) {
      Files.writeString(
          settings,
          before
              + """

              [certificates]
              email = "ops@example.org"
              directory = "%s"
              authority = "%s"
              retry-soonest = "500ms"
              """
                  .formatted(authority.directory(), authority.caFile()));
      restartPaasd();
      String host = app.name() + ".example.org";
      app.push().succeed();
      app.paas("domains:add", host).succeed();

      awaitState(app, host, "secure");
      assertThat(curl(host, authority.issuer(), secure(host, "/boot")).succeed().out())
          .isNotBlank();
      String moved = curl(host, authority.issuer(), "-D-", plain(host, "/boot?x")).succeed().out();
      assertThat(moved)
          .startsWith("HTTP/1.1 308 ")
          .contains("Location: " + secure(host, "/boot?x"));
      assertThat(curl(host, authority.issuer(), "-L", plain(host, "/boot")).succeed().out())
          .isNotBlank();
      String unasked = plain(host, "/.well-known/acme-challenge/x");
      assertThat(curl(host, authority.issuer(), "-D-", unasked).succeed().out())
          .doesNotContain("308");

      // The router alone, killed, shows what it had.
      platform.stop("paasd");
      platform.kill("paas-routerd");
      await()
          .atMost(SOON)
          .until(() -> curl(host, authority.issuer(), secure(host, "/boot")).run().exit() == 0);
      platform.start("paasd");
      platform.awaitReady();
      assertThat(state(app, host).get("certificate").asText()).isNotEmpty();

      authority.leave();
      String late = "late-" + host;
      app.paas("domains:add", late).succeed();
      awaitState(app, late, "failed");
      assertThat(state(app, late).get("problem").asText()).contains("could not be asked");
      assertThat(app.paas("certs").succeed().out()).contains("next try at ");
      authority.comeBack();
      awaitState(app, late, "secure");
      assertThat(curl(late, authority.issuer(), secure(late, "/boot")).succeed().out())
          .isNotBlank();
    } finally {
      Files.writeString(settings, before);
      restartPaasd();
    }
  }

  private void restartPaasd() {
    platform.stop("paasd");
    platform.start("paasd");
    platform.awaitReady();
  }

  @Test
  void aCertificateOfOnesOwnIsShownAsSoonAsItIsAddedAndGoneWhenItIsRemoved() throws IOException {
    try (GitApp app = GitApp.probe(platform)) {
      app.push().succeed();
      String host = app.name() + "." + platform.variable("PAAS_DOMAIN");
      Path folder = Files.createDirectories(platform.scratch().resolve("own-" + app.name()));
      Command.of(
              "openssl",
              "req",
              "-x509",
              "-nodes",
              "-newkey",
              "rsa:2048",
              "-days",
              "30",
              "-subj",
              "/CN=own",
              "-addext",
              "subjectAltName=DNS:" + host,
              "-keyout",
              "key.pem",
              "-out",
              "chain.pem")
          .in(folder)
          .succeed();
      Path chain = folder.resolve("chain.pem");
      assertThat(curl(host, chain, secure(host, "/boot")).fail().err()).contains("certificate");
      assertThat(
              app.paas("certs:add", chain.toString(), folder.resolve("key.pem").toString())
                  .succeed()
                  .out())
          .contains(host);
      awaitState(app, host, "secure");
      assertThat(curl(host, chain, secure(host, "/boot")).succeed().out()).isNotBlank();

      assertThat(app.paas("certs:add", chain.toString(), chain.toString()).fail().err())
          .contains("not a private key", "fix:");
      // Both files in one, over ssh.
      String both = Files.readString(chain) + Files.readString(folder.resolve("key.pem"));
      platform.ssh("certs:add", "-", "-a", app.name()).reading(both).succeed();
      String fingerprint = state(app, host).get("certificate").asText();
      app.paas("certs:remove", fingerprint.substring(0, 12)).succeed();
      awaitState(app, host, "none");
      await().atMost(SOON).until(() -> curl(host, chain, secure(host, "/boot")).run().exit() != 0);
      assertThat(curl(host, chain, plain(host, "/boot")).succeed().out()).isNotBlank();
    }
  }
}
