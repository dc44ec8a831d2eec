package dev.paas.acceptance.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;

/** The distribution's registry (docker-registry) at a loopback address, with files of its own. */
public final class Registry implements AutoCloseable {

  private final String host;
  private final Command.Running server;

  /**
   * Starts one.
   *
   * @param folder is made; what it stores is in {@code data} there
   */
  public Registry(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.host = "127.0.0.1:" + free.getLocalPort();
    }
    Path config =
        Files.writeString(
            folder.resolve("config.yml"),
            "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: "
                + folder.resolve("data")
                + "\nhttp:\n  addr: "
                + host
                + "\n");
    this.server = Command.of("docker-registry", "serve", config.toString()).start();
    Awaitility.await("the registry answers")
        .atMost(Duration.ofSeconds(20))
        .until(() -> Command.of("curl", "-sf", "http://" + host + "/v2/").run().exit() == 0);
  }

  /** Its address and port, the first part of an image's name. */
  public String host() {
    return host;
  }

  @Override
  public void close() {
    server.close();
  }
}
