package dev.paas.acceptance.threat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Aftermath;
import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * One hostile app: its build step, its instance and a one-off process, each as root of its own
 * image, try to get out and to reach what is not theirs. Files of the host that must stay untouched
 * stand beside the platform's.
 */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SandboxThreatIT {

  /** Attempts that a container makes; what a kernel does not have at all counts, too. */
  private static final int ATTEMPTS = 80;

  private final Platform platform;
  private final GitApp hostile;
  private final GitApp neighbour;
  private final Lan lan = new Lan();

  /** Services of the host on every address, as careless ones are. */
  private final ServerSocket careless = new ServerSocket();

  private final ServerSocket loopback = new ServerSocket();
  private final Path canary;
  private final String ofTheHostBefore = ofTheHost();
  private List<String> targets = List.of();
  private String pushed = "";

  SandboxThreatIT(Platform platform) throws IOException {
    this.platform = platform;
    this.canary = Files.writeString(platform.scratch().resolve("canary"), "of the host\n");
    careless.bind(new InetSocketAddress(0));
    loopback.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    this.neighbour =
        GitApp.of(platform, "neighbour", Map.of("index.html", "<p>the neighbour</p>\n"));
    this.hostile = GitApp.ofTests(platform, "hostile");
  }

  @BeforeAll
  void push() {
    lan.up();
    neighbour.push().succeed();
    targets = targets();
    hostile.write("targets", String.join("\n", targets) + "\n");
    hostile.commit("Aim");
    Command.Outcome push = hostile.push().succeed();
    pushed = push.all();
  }

  @AfterAll
  void clean() throws IOException {
    hostile.close();
    neighbour.close();
    lan.close();
    careless.close();
    loopback.close();
    assertThat(Files.readString(canary)).isEqualTo("of the host\n");
    Files.delete(canary);
    Aftermath.isClean(platform);
  }

  /** What a build step tries, a line each: a kind, a place, and a port. */
  private List<String> targets() {
    List<String> all = new ArrayList<>();
    for (List<String> place : tcp()) {
      all.add("tcp " + place.get(0) + " " + place.get(1));
    }
    for (Path file : hostsFiles()) {
      all.add("read " + file);
    }
    for (String folder : List.of("data", "run", "log", "service")) {
      all.add("list " + platform.folder().resolve(folder));
    }
    for (Path socket : sockets()) {
      all.add("unix " + socket);
    }
    for (String name : List.of("token", "secret", "PAAS_")) {
      all.add("variable " + name);
    }
    return all;
  }

  private List<Path> hostsFiles() {
    Path folder = platform.folder();
    return List.of(
        canary,
        folder.resolve("paas.toml"),
        folder.resolve("env.sh"),
        folder.resolve("id"),
        folder.resolve("data/db/seal.key"),
        Path.of("/etc/shadow.host"),
        Path.of("/proc/1/root" + canary),
        Path.of("/proc/1/root/proc/kcore"));
  }

  private List<Path> sockets() {
    return List.of(
        platform.folder().resolve("run/runtime/runtime.sock"),
        platform.folder().resolve("run/router/control.sock"),
        Path.of("/run/docker.sock"),
        Path.of("/var/run/docker.sock"),
        Path.of("/run/systemd/private"),
        Path.of("/run/dbus/system_bus_socket"));
  }

  /** Addresses and ports that nobody inside may reach. */
  private List<List<String>> tcp() {
    List<List<String>> all = new ArrayList<>();
    String open = Integer.toString(careless.getLocalPort());
    for (String address : addressesOfTheHost()) {
      all.add(List.of(address, open));
      all.add(List.of(address, apiPort()));
      all.add(List.of(address, platform.variable("PAAS_SSH_PORT")));
      all.add(List.of(address, Integer.toString(loopback.getLocalPort())));
    }
    all.add(List.of("127.0.0.1", open));
    all.add(List.of("127.0.0.1", platform.variable("PAAS_HTTP_PORT")));
    all.add(List.of("::1", open));
    all.add(List.of("::ffff:" + lan.address(), Lan.PORT));
    all.add(List.of(lan.address(), Lan.PORT));
    all.add(List.of(lan.addressOfTheHost(), open));
    all.add(List.of("169.254.169.254", "80"));
    all.add(List.of("fd00:ec2::254", "80"));
    all.add(List.of(neighbour.addresses().get(0), "5000"));
    return all;
  }

  private String apiPort() {
    String api = platform.variable("PAAS_API");
    return api.substring(api.lastIndexOf(':') + 1);
  }

  /** IPv4 and IPv6, the gateway of instances among them; link-local ones by an instance's link. */
  private static List<String> addressesOfTheHost() {
    return Arrays.stream(Command.of("ip", "-br", "addr").succeed().out().split("\\s+"))
        .filter(word -> word.matches("[0-9]+\\.[0-9.]+/[0-9]+|[0-9a-f:]*:[0-9a-f:]+/[0-9]+"))
        .map(word -> word.replaceAll("/.*", ""))
        .filter(address -> !address.startsWith("127.") && !address.equals("::1"))
        .map(address -> address.startsWith("fe80") ? address + "%eth0" : address)
        .distinct()
        // Other platforms of this host may have many links of their own.
        .limit(24)
        .toList();
  }

  /** T10 in docs/reliability.md. */
  @Test
  void aHostileBuildStepReachesNothingButPackageMirrors() {
    assertThat(pushed).doesNotContain("REACHED");
    for (String target : targets) {
      assertThat(pushed).contains("refused " + target);
    }
    assertThat(pushed).doesNotContain(platform.variable("PAAS_TOKEN"));
    // The compiler of the very same build came from a mirror.
    assertThat(hostile.body("/")).contains("unshare user");
  }

  /** The questions above are good ones: from outside, what was asked for is there. */
  @Test
  void whatWasRefusedIsThereForTheHost() throws IOException {
    reachable("127.0.0.1", Integer.toString(careless.getLocalPort()));
    reachable("127.0.0.1", apiPort());
    reachable("127.0.0.1", platform.variable("PAAS_SSH_PORT"));
    reachable(lan.address(), Lan.PORT);
    reachable(neighbour.addresses().get(0), "5000");
    assertThat(platform.folder().resolve("run/runtime/runtime.sock")).exists();
    assertThat(platform.folder().resolve("run/router/control.sock")).exists();
    assertThat(platform.folder().resolve("paas.toml")).isReadable();
  }

  private static void reachable(String host, String port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, Integer.parseInt(port)), 3000);
    }
  }

  /** T11 in docs/reliability.md. */
  @Test
  void noWayOutOfAnInstanceABuildStepOrAOneOffProcess() {
    assertThat(escapes(hostile.body("/"))).isEmpty();
    assertThat(escapes(hostile.paas("run", "--", "/escape", "once").succeed().out())).isEmpty();
    // A step may write to copies of its own, which end with it (ExecIT).
    assertThat(escapes(pushed))
        .containsExactlyInAnyOrder("write /etc/resolv.conf: DONE", "write /etc/hosts: DONE");
    assertThat(ofTheHost()).isEqualTo(ofTheHostBefore);
  }

  /** What a way out would have changed: the kernel's settings, programs that root executes. */
  private static String ofTheHost() {
    String settings =
        "/proc/sys/kernel/core_pattern /proc/sys/kernel/modprobe /proc/sys/kernel/panic";
    String programs =
        Platform.repository() + "/dist/lib/runtime/init-* /usr/bin/crun /usr/bin/conmon";
    String ask =
        "cat " + settings + "; sha256sum " + programs + "; hostname; grep -c . /proc/modules";
    return Command.of("sh", "-c", ask).run().out();
  }

  /** Attempts that succeeded; all of them must have been made. */
  private static List<String> escapes(String report) {
    List<String> lines =
        report.lines().map(line -> line.replaceFirst("^remote:\\s*", "").strip()).toList();
    Stream<String> tried =
        lines.stream().filter(line -> line.matches(".*: (DONE|EMPTY|LISTED|E[A-Z0-9]+)"));
    assertThat(tried.count()).as(report).isGreaterThan(ATTEMPTS);
    assertThat(lines).contains("descriptors: LISTED", "mount tmpfs: EPERM", "clone3 user: ENOSYS");
    return lines.stream().filter(line -> line.endsWith(": DONE")).toList();
  }

  /** T13 in docs/reliability.md. */
  @Test
  void anInstanceReachesNeitherAppsNorDaemonsNorTheHost() throws Exception {
    // At once: most of them are answered by silence.
    ExecutorService askers = Executors.newFixedThreadPool(16);
    try {
      Map<List<String>, Future<String>> answers = new LinkedHashMap<>();
      for (List<String> place : tcp()) {
        String path = "/reach/" + place.get(0).replace("%", "%25") + "/" + place.get(1);
        answers.put(place, askers.submit(() -> hostile.body(path)));
      }
      for (Map.Entry<List<String>, Future<String>> answer : answers.entrySet()) {
        assertThat(answer.getValue().get())
            .as(answer.getKey().toString())
            .matches("silent|E[A-Z]+|no address");
      }
    } finally {
      askers.shutdownNow();
    }
    for (Path socket : sockets()) {
      assertThat(hostile.body("/unix" + socket)).isEqualTo("ENOENT");
    }
    // The router is a door where it listens for everybody; this one listens at loopback alone.
    assertThat(hostile.body("/reach/" + gateway() + "/" + platform.variable("PAAS_HTTP_PORT")))
        .isEqualTo("silent");
  }

  private String gateway() {
    String address = hostile.addresses().get(0);
    return Command.of("ip", "-4", "-o", "route", "get", address)
        .succeed()
        .out()
        .replaceAll("(?s).* src ([0-9.]+).*", "$1");
  }
}
