package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Secrets that were given to the platform, and who looks for them where they have no business. */
@ExtendWith(SharedPlatform.class)
final class SecretThreatIT {

  private static final String WITH_SECRET =
      """
      FROM paas/stack
      WORKDIR /app
      COPY . .
      RUN --mount=type=secret,id=BUILT echo "read $(cat /run/secrets/BUILT)" && wc -c /run/secrets/BUILT >length
      RUN --mount=type=secret,id=BUILT,env=TOKEN echo "as a variable $TOKEN"
      CMD ["node", "server.js"]
      """;

  private final Platform platform;

  SecretThreatIT(Platform platform) {
    this.platform = platform;
  }

  /** T22 in docs/reliability.md. */
  @Test
  void plantedSecretsAreFoundInNoLogNoFileNoArgumentAndNoAnswer() throws IOException {
    String config = "planted-config-value-7c1f";
    String password = "planted-registry-word-7c1f";
    String ofBuilds = "planted-build-secret-7c1f";
    List<String> said = new ArrayList<>();
    HttpServer registry =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    registry.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"r\"");
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    registry.start();
    try (GitApp app = GitApp.probe(platform)) {
      said.add(app.push().succeed().all());
      said.add(app.paas("config:set", "--secret", "BUILT").reading(ofBuilds).succeed().all());
      app.write("Dockerfile", WITH_SECRET);
      app.commit("Build with a secret");
      String built = app.push().succeed().all();
      assertThat(built).contains("read ***", "as a variable ***");
      said.add(built);
      said.add(app.paas("config").succeed().all());
      said.add(app.paas("config:set", "PLANTED").reading(config).succeed().all());
      String token = platform.paas("tokens:create", "planted").succeed().out().strip();
      said.add(app.paas("ps").with(Map.of("PAAS_TOKEN", token)).succeed().all());
      String image = "127.0.0.1:" + registry.getAddress().getPort() + "/team/app:1";
      said.add(
          platform.paas("image", "pull", "-u", "somebody", image).reading(password).fail().all());
      // Everything that fails says more than what succeeds.
      said.add(app.paas("config:set", "PLANTED=" + config, "1X=" + config).fail().all());
      said.add(app.paas("scale", "web=-1").fail().all());
      app.write("server.js", "console.error('failing'); process.exit(3);\n");
      app.commit("Exit at once");
      said.add(app.push().fail().all());
      for (String command : List.of("releases", "builds", "ps", "info")) {
        said.add(app.paas(command, "--json").succeed().all());
      }
      said.add(platform.paas("tokens", "--json").succeed().all());
      said.add(platform.paas("doctor", "--json").succeed().all());

      List<String> secrets = List.of(config, ofBuilds, password, token.substring("paas_".length()));
      for (String secret : secrets) {
        assertThat(said).allSatisfy(text -> assertThat(text).doesNotContain(secret));
        assertThat(filesWith(secret)).isEmpty();
        assertThat(argumentsWith(secret)).isEmpty();
      }
      // The search finds what is there.
      assertThat(filesWith(app.name())).isNotEmpty();
      assertThat(argumentsWith("dev.paas.")).isNotEmpty();
      platform.paas("tokens:revoke", "planted").succeed();
    } finally {
      registry.stop(0);
    }
    Aftermath.isClean(platform);
  }

  /**
   * Files of the platform that have the text, but for the bundles of running instances: their
   * environment is on tmpfs, root's alone, and goes with them.
   */
  private List<String> filesWith(String text) {
    List<String> folders = new ArrayList<>();
    for (String folder : List.of("data", "log", "run")) {
      folders.add(platform.folder().resolve(folder).toString());
    }
    List<String> grep = new ArrayList<>(List.of("grep", "-rlaF", "--devices=skip", "-e", text));
    grep.addAll(folders);
    return Command.of(grep)
        .run()
        .out()
        .lines()
        .filter(file -> !file.endsWith("/config.json"))
        .toList();
  }

  private static List<String> argumentsWith(String text) {
    String script =
        "for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$f 2>/dev/null | grep -aF -e \"$TEXT\""
            + " | grep -av 'TEXT=' ; done; true";
    return Command.of("bash", "-c", script)
        .with(Map.of("TEXT", text))
        .succeed()
        .out()
        .lines()
        .toList();
  }
}
