package dev.paas.runtime.network;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The host's upstream DNS resolvers, as resolv.conf(5) names them. */
final class Resolvers {

  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  /** Where systemd-resolved keeps the servers behind its own loopback address. */
  private static final Path BEHIND_STUB = Path.of("/run/systemd/resolve/resolv.conf");

  private Resolvers() {}

  /**
   * IPv4 addresses that another host can reach; loopback ones can't be reached from an instance.
   */
  static List<String> upstream() throws IOException {
    List<String> servers = read(Path.of("/etc/resolv.conf"));
    return servers.isEmpty() && Files.exists(BEHIND_STUB) ? read(BEHIND_STUB) : servers;
  }

  private static List<String> read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    return Files.readAllLines(file).stream()
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words.length > 1 && words[0].equals("nameserver"))
        .map(words -> words[1])
        .filter(server -> IPV4.matcher(server).matches() && !server.startsWith("127."))
        .distinct()
        .toList();
  }
}
