package dev.paas.acceptance.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * The distribution's authority for tests (pebble), for which every name in the world is at
 * 127.0.0.1. Its faults are on: it refuses nonces and keeps no authorization.
 */
public final class Authority implements AutoCloseable {

  private final Path folder;
  private final int port;
  private final int management;
  private final Command.Running names;
  private final String nameServer;
  private Command.Running server;

  /**
   * Starts one that looks at the platform's own ports.
   *
   * @param folder is made, and readable by all
   */
  public Authority(Path folder, Platform platform) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    port = free();
    management = free();
    nameServer = "127.0.0.1:" + free();
    openssl("req -x509 -nodes -days 30 -subj /CN=authority -keyout ca.key -out ca.pem");
    openssl("req -nodes -subj /CN=localhost -keyout key.pem -out request.pem");
    Files.writeString(folder.resolve("names"), "subjectAltName=DNS:localhost\n");
    Command.of(
            "openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 30"
                .concat(" -extfile names -out cert.pem")
                .split(" "))
        .in(folder)
        .succeed();
    Files.setPosixFilePermissions(
        folder.resolve("ca.pem"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.writeString(
        folder.resolve("pebble.json"),
        """
        {"pebble": {"listenAddress": "127.0.0.1:%d", "managementListenAddress": "127.0.0.1:%d",
          "certificate": "%s", "privateKey": "%s", "httpPort": %s, "tlsPort": %s,
          "ocspResponderURL": "", "externalAccountBindingRequired": false}}
        """
            .formatted(
                port,
                management,
                folder.resolve("cert.pem"),
                folder.resolve("key.pem"),
                platform.variable("PAAS_HTTP_PORT"),
                platform.variable("PAAS_HTTPS_PORT")));
    names =
        Command.of(
                List.of(
                    "pebble-challtestsrv",
                    "-defaultIPv6",
                    "",
                    "-dns01",
                    nameServer,
                    "-http01",
                    "",
                    "-https01",
                    "",
                    "-tlsalpn01",
                    "",
                    "-management",
                    "127.0.0.1:" + free()))
            .start();
    server = start();
  }

  private void openssl(String words) {
    Command.of(("openssl " + words + " -newkey ec -pkeyopt ec_paramgen_curve:P-256").split(" "))
        .in(folder)
        .succeed();
  }

  private static int free() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private Command.Running start() {
    Command.Running started =
        Command.of(
                "pebble",
                "-config",
                folder.resolve("pebble.json").toString(),
                "-dnsserver",
                nameServer)
            .with(
                Map.of(
                    "PEBBLE_VA_NOSLEEP", "1",
                    "PEBBLE_WFE_NONCEREJECT", "30",
                    "PEBBLE_AUTHZREUSE", "0"))
            .start();
    Awaitility.await("the authority answers")
        .atMost(Duration.ofSeconds(20))
        .until(() -> curl(directory()).run().exit() == 0);
    return started;
  }

  private Command curl(String url) {
    return Command.of("curl", "-sf", "--cacert", caFile().toString(), url);
  }

  /** Where customers begin. */
  public String directory() {
    return "https://localhost:" + port + "/dir";
  }

  /** Whom its server is trusted by. */
  public Path caFile() {
    return folder.resolve("ca.pem");
  }

  /** A file with whom its certificates are trusted by; each start has another one. */
  public Path issuer() {
    String root = curl("https://localhost:" + management + "/roots/0").succeed().out();
    try {
      return Files.writeString(folder.resolve("issuer.pem"), root);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It is away. */
  public void leave() {
    server.close();
  }

  /** It is there again, and knows nobody. */
  public void comeBack() {
    server = start();
  }

  @Override
  public void close() {
    server.close();
    names.close();
  }
}
