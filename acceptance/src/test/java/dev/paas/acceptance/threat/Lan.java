package dev.paas.acceptance.threat;

import dev.paas.acceptance.platform.Command;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the network that the host stands in, at a private address, with a service: a network
 * namespace of its own.
 */
final class Lan implements AutoCloseable {

  static final String PORT = "8080";

  private static final String NAME = "paas-lan-" + ProcessHandle.current().pid() % 10_000;
  private static final String HOST_END = "pl" + ProcessHandle.current().pid() % 10_000;

  private Command.@Nullable Running service;

  String address() {
    return "192.168.213.2";
  }

  String addressOfTheHost() {
    return "192.168.213.1";
  }

  void up() {
    ip("netns", "add", NAME);
    ip("link", "add", HOST_END, "type", "veth", "peer", "name", "eth0", "netns", NAME);
    ip("addr", "add", addressOfTheHost() + "/30", "dev", HOST_END);
    ip("link", "set", HOST_END, "up");
    ip("-n", NAME, "addr", "add", address() + "/30", "dev", "eth0");
    ip("-n", NAME, "link", "set", "eth0", "up");
    // Answers come back from wherever the question came.
    ip("-n", NAME, "route", "add", "default", "via", addressOfTheHost());
    service =
        Command.of(
                "ip",
                "netns",
                "exec",
                NAME,
                "busybox",
                "httpd",
                "-f",
                "-p",
                PORT,
                "-h",
                "/usr/share")
            .start();
    Awaitility.await("the machine answers")
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                Command.of("curl", "-s", "-m", "1", "http://" + address() + ":" + PORT + "/")
                        .run()
                        .exit()
                    == 0);
  }

  private static void ip(String... words) {
    String[] argv = new String[words.length + 1];
    argv[0] = "ip";
    System.arraycopy(words, 0, argv, 1, words.length);
    Command.of(argv).succeed();
  }

  @Override
  public void close() {
    if (service != null) {
      service.close();
    }
    Command.of("ip", "link", "del", HOST_END).run();
    Command.of("ip", "netns", "del", NAME).run();
  }
}
