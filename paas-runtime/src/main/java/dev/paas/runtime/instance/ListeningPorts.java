package dev.paas.runtime.instance;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The TCP ports that something in a process's network namespace listens on (proc_pid_net(5)). The
 * table is a stranger's: it may have a line for each of a million connections.
 */
final class ListeningPorts {

  private static final String LISTEN = "0A";
  private static final int LOCAL = 1;
  private static final int STATE = 3;

  /** The kernel lists what listens first; lines of connections are not read to their end. */
  private static final int MAX_LINES = 4096;

  /** More are told to nobody. */
  private static final int MAX_PORTS = 256;

  private ListeningPorts() {}

  /** Ports in order; none when the process is gone. */
  static List<Integer> of(int pid) {
    TreeSet<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      Path path = Path.of("/proc", Integer.toString(pid), "net", table);
      try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.US_ASCII)) {
        String line = lines.readLine();
        for (int n = 0; n < MAX_LINES && ports.size() < MAX_PORTS && line != null; n++) {
          line = lines.readLine();
          if (line != null) {
            parse(line, ports);
          }
        }
      } catch (IOException gone) {
        return List.of();
      }
    }
    return List.copyOf(ports);
  }

  // sl local_address rem_address st …, e.g. "0: 00000000:1388 00000000:0000 0A". Loopback alone
  // can't be reached.
  static void parse(String line, Set<Integer> ports) {
    String[] fields = line.strip().split("\\s+");
    if (fields.length <= STATE || !fields[STATE].equals(LISTEN)) {
      return;
    }
    String[] local = fields[LOCAL].split(":");
    boolean loopback =
        (local[0].endsWith("7F") && local[0].length() == 8)
            || local[0].equals("00000000000000000000000001000000");
    if (!loopback) {
      ports.add(Integer.parseInt(local[1], 16));
    }
  }
}
