package dev.paas.runtime.instance.ready;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * What waits for connections in a process's network namespace, as the kernel lists it
 * (proc_pid_net(5)). The lists are untrusted: they may have a line for each of a million
 * connections, and names of an app's choice.
 *
 * @param udp ports of sockets without a peer, clients' too
 * @param unix paths
 */
public record ListeningSockets(List<Tcp> tcp, List<Integer> udp, List<String> unix) {

  static final ListeningSockets NONE = new ListeningSockets(List.of(), List.of(), List.of());

  private static final String LISTENS = "0A";
  private static final String HAS_NO_PEER = "07";
  private static final int LOCAL = 1;
  private static final int STATE = 3;

  /** The flag __SO_ACCEPTCON of a unix socket, and where flags and path are in its line. */
  private static final String ACCEPTS = "00010000";

  private static final int FLAGS = 3;
  private static final int UNIX_PATH = 7;

  /** The kernel lists what listens first; lines of connections are not read to their end. */
  private static final int MAX_LINES = 4096;

  /** More are told to nobody. */
  private static final int MAX_SOCKETS = 256;

  /** More are not named in a sentence; and the longest name of a socket in one. */
  private static final int MAX_NAMED = 4;

  private static final int MAX_NAME = 100;

  public ListeningSockets {
    tcp = List.copyOf(tcp);
    udp = List.copyOf(udp);
    unix = List.copyOf(unix);
  }

  /** A TCP socket; an IPv4 address that an IPv6 socket has is an IPv4 address here. */
  record Tcp(InetAddress address, boolean six, int port) {

    /** Whether something outside may reach it, so that it is worth a try. */
    boolean mayBeReached() {
      return !address.isLoopbackAddress();
    }

    String shown() {
      String ip = address.getHostAddress();
      if (address instanceof Inet6Address) {
        ip = address.isAnyLocalAddress() ? "::" : address.isLoopbackAddress() ? "::1" : ip;
      } else if (six) {
        ip = "::ffff:" + ip;
      }
      return (six ? "[" + ip + "]" : ip) + ":" + port;
    }
  }

  /** All of them; none when the process is gone. */
  public static ListeningSockets of(int pid) {
    List<Tcp> tcp = tcp(pid);
    List<Integer> udp = new ArrayList<>();
    List<String> unix = new ArrayList<>();
    try {
      for (String table : List.of("udp", "udp6")) {
        read(pid, table, line -> udp(line, udp));
      }
      read(pid, "unix", line -> unix(line, unix));
    } catch (IOException gone) {
      return NONE;
    }
    return new ListeningSockets(tcp, udp, unix);
  }

  private static List<Tcp> tcp(int pid) {
    List<Tcp> tcp = new ArrayList<>();
    try {
      for (String table : List.of("tcp", "tcp6")) {
        read(pid, table, line -> tcp(line, tcp));
      }
    } catch (IOException gone) {
      return List.of();
    }
    return tcp;
  }

  private static void read(int pid, String table, Consumer<String> each) throws IOException {
    Path path = Path.of("/proc", Integer.toString(pid), "net", table);
    // Paths of sockets may be any bytes.
    try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
      String line = lines.readLine();
      for (int n = 0; n < MAX_LINES && line != null; n++) {
        line = lines.readLine();
        if (line != null) {
          each.accept(line);
        }
      }
    }
  }

  // sl local_address rem_address st …, e.g. "0: 00000000:1388 00000000:0000 0A".
  static void tcp(String line, List<Tcp> into) {
    String[] fields = line.strip().split("\\s+", STATE + 2);
    if (fields.length > STATE && fields[STATE].equals(LISTENS) && into.size() < MAX_SOCKETS) {
      String[] local = fields[LOCAL].split(":");
      into.add(new Tcp(address(local[0]), local[0].length() > 8, Integer.parseInt(local[1], 16)));
    }
  }

  private static void udp(String line, List<Integer> into) {
    String[] fields = line.strip().split("\\s+", STATE + 2);
    if (fields.length > STATE && fields[STATE].equals(HAS_NO_PEER) && into.size() < MAX_SOCKETS) {
      into.add(Integer.parseInt(fields[LOCAL].split(":")[1], 16));
    }
  }

  private static void unix(String line, List<String> into) {
    String[] fields = line.strip().split("\\s+", UNIX_PATH + 1);
    if (fields.length > UNIX_PATH && fields[FLAGS].equals(ACCEPTS) && into.size() < MAX_SOCKETS) {
      String path = fields[UNIX_PATH].replaceAll("[^ -~]", "?");
      into.add(path.length() > MAX_NAME ? path.substring(0, MAX_NAME) + "…" : path);
    }
  }

  /** The kernel prints words of 32 bits, each as the number that it is on this machine. */
  private static InetAddress address(String hex) {
    byte[] printed = HexFormat.of().parseHex(hex);
    byte[] bytes = new byte[printed.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = printed[i / 4 * 4 + 3 - i % 4];
    }
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException impossible) {
      throw new IllegalArgumentException(hex, impossible);
    }
  }

  /** TCP ports on which something outside may reach a process, in order. */
  public static List<Integer> ports(int pid) {
    return ports(tcp(pid));
  }

  public List<Integer> ports() {
    return ports(tcp);
  }

  private static List<Integer> ports(List<Tcp> tcp) {
    return tcp.stream().filter(Tcp::mayBeReached).map(Tcp::port).distinct().sorted().toList();
  }

  /** Whether one of them may be what requests to a port come to. */
  boolean mayBeReached(int port) {
    return tcp.stream().anyMatch(socket -> socket.port() == port && socket.mayBeReached());
  }

  /** Why requests to a port reach nothing, in words that follow an instance's name; or nothing. */
  String why(int expected) {
    List<Tcp> there = tcp.stream().filter(socket -> socket.port() == expected).toList();
    if (!there.isEmpty()) {
      boolean ipv6 = there.stream().allMatch(s -> s.address() instanceof Inet6Address);
      boolean refused = there.stream().anyMatch(s -> s.mayBeReached() && !s.six());
      return "listens on "
          + named(there.stream().map(Tcp::shown).toList())
          + (ipv6 && mayBeReached(expected) ? " for IPv6 alone" : "")
          + (refused ? ", and takes no connection there" : ", where no request can reach it");
    }
    if (!tcp.isEmpty()) {
      List<String> elsewhere =
          tcp.stream().map(s -> s.mayBeReached() ? Integer.toString(s.port()) : s.shown()).toList();
      return "listens on " + named(elsewhere) + ", expected " + expected;
    }
    if (udp.contains(expected)) {
      return "listens on UDP port " + expected + ", where no request can reach it";
    }
    return unix.isEmpty()
        ? ""
        : "listens on the socket " + named(unix) + ", where no request can reach it";
  }

  private static String named(List<String> all) {
    List<String> distinct = all.stream().distinct().toList();
    String some = distinct.stream().limit(MAX_NAMED).collect(Collectors.joining(", "));
    return distinct.size() > MAX_NAMED ? some + ", …" : some;
  }
}
