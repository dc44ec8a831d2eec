package dev.paas.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.acceptance.platform.Command;
import dev.paas.acceptance.platform.GitApp;
import dev.paas.acceptance.platform.Platform;
import dev.paas.acceptance.platform.SharedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What an app sees of the machine it runs on, asked from inside: of an instance and of a one-off
 * run.
 */
@ExtendWith(SharedPlatform.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IsolationIT {
  private final Platform platform;
  private final GitApp app;

  IsolationIT(Platform platform) {
    this.platform = platform;
    this.app = GitApp.probe(platform);
  }

  @BeforeAll
  void push() {
    app.push().succeed();
  }

  @AfterAll
  void destroy() {
    app.close();
  }

  private String fileInside(String path) {
    return app.body("/file?name=" + path);
  }

  private String inOneOff(String script) {
    return app.paas("run", "--", "sh", "-c", script).run().all();
  }

  @Test
  void userNamespaceIsNotTheHosts() {
    for (String map :
        List.of(fileInside("/proc/self/uid_map"), inOneOff("cat /proc/self/uid_map"))) {
      String[] columns = map.trim().split("\\s+");
      assertThat(columns[0]).isEqualTo("0");
      assertThat(Long.parseLong(columns[1])).as("host uid of root inside").isGreaterThan(65_535);
      assertThat(columns[2]).isEqualTo("65536");
    }
  }

  @Test
  void capabilitiesAreDroppedAndSeccompIsOn() {
    for (String status :
        List.of(fileInside("/proc/self/status"), inOneOff("cat /proc/self/status"))) {
      Map<String, String> fields =
          Arrays.stream(status.split("\n"))
              .filter(line -> line.contains(":"))
              .collect(
                  Collectors.toMap(
                      line -> line.substring(0, line.indexOf(':')),
                      line -> line.substring(line.indexOf(':') + 1).trim(),
                      (first, second) -> first));
      assertThat(fields).containsEntry("CapEff", "0000000000000000");
      assertThat(fields).containsEntry("Seccomp", "2").containsEntry("NoNewPrivs", "1");
      long bounding = Long.parseUnsignedLong(fields.getOrDefault("CapBnd", "f"), 16);
      // CAP_SYS_ADMIN is 21, CAP_NET_ADMIN 12, CAP_SYS_MODULE 16, CAP_SYS_PTRACE 19, CAP_BPF 39.
      for (int capability : new int[] {12, 16, 19, 21, 39}) {
        assertThat(bounding >>> capability & 1).as("capability " + capability).isZero();
      }
    }
  }

  @Test
  void everyNamespaceIsItsOwn() throws IOException {
    for (String name : List.of("pid", "net", "ipc", "uts", "cgroup", "mnt", "user")) {
      String host = Files.readSymbolicLink(Path.of("/proc/self/ns/" + name)).toString();
      assertThat(inOneOff("readlink /proc/self/ns/" + name).trim())
          .startsWith(name + ":")
          .isNotEqualTo(host);
    }
  }

  /** Whoever owns a device may close it to everybody on the host. */
  @Test
  void noDeviceOfTheHostBecomesAnApps() {
    String close =
        "chmod 600 /dev/null /dev/zero /dev/full /dev/random 2>/dev/null; cat; echo ended";
    assertThat(inOneOff(close)).contains("ended");
    assertThat(app.paas("run", "--", "sh", "-c", close).reading("said\n").run().all())
        .contains("ended");
    assertThat(app.paas("exec", "web.1", "--", "sh", "-c", close).run().all()).contains("ended");
    assertThat(app.paas("exec", "web.1", "--", "sh", "-c", close).reading("said\n").run().all())
        .contains("said", "ended");
    for (String device : List.of("/dev/null", "/dev/zero", "/dev/full", "/dev/random")) {
      assertThat(Command.of("stat", "-c", "%u %g %a", device).succeed().out().trim())
          .as(device)
          .isEqualTo("0 0 666");
    }
  }

  @Test
  void privilegedCallsFail() {
    assertThat(inOneOff("mount -t tmpfs x /tmp 2>&1 && echo MOUNTED")).doesNotContain("MOUNTED");
    assertThat(inOneOff("unshare -U true 2>&1 && echo UNSHARED")).doesNotContain("UNSHARED");
    assertThat(inOneOff("echo 1 > /proc/sys/kernel/panic && echo WRITTEN"))
        .doesNotContain("WRITTEN");
    assertThat(inOneOff("echo b > /proc/sysrq-trigger && echo WRITTEN")).doesNotContain("WRITTEN");
    assertThat(inOneOff("cat /proc/kcore 2>/dev/null | head -c 1 | wc -c").trim()).isEqualTo("0");
  }

  @Test
  void hostsFilesAreOutOfSight() throws IOException {
    Path canary = Files.writeString(platform.scratch().resolve("canary"), "of the host\n");
    assertThat(platformFileStatus(canary)).isEqualTo(404);
    assertThat(platformFileStatus(platform.folder().resolve("paas.toml"))).isEqualTo(404);
    assertThat(platformFileStatus(Path.of("/run/docker.sock"))).isEqualTo(404);
    String mounts = fileInside("/proc/self/mountinfo");
    assertThat(mounts)
        .doesNotContainPattern("(?m)^(\\S+ ){4}/sys/fs/cgroup/\\S+ rw")
        .doesNotContain("docker.sock");
    assertThat(inOneOff("cat /proc/1/cmdline"))
        .doesNotContain("runsvdir")
        .doesNotContain("systemd");
  }

  private int platformFileStatus(Path path) throws IOException {
    return platform.get(app.name(), "/file?name=" + path).statusCode();
  }

  @Test
  void hostsServicesAreOutOfReach() throws IOException {
    // A service of the host on every address it has, as careless ones are.
    try (ServerSocket service = new ServerSocket()) {
      service.bind(new InetSocketAddress("0.0.0.0", 0), 50);
      String port = Integer.toString(service.getLocalPort());
      for (String address : hostAddresses()) {
        assertThat(reach(address, port)).as("the host's " + address).isNotEqualTo("open");
      }
    }
    for (String port : List.of(apiPort(), platform.variable("PAAS_SSH_PORT"))) {
      for (String address : hostAddresses()) {
        assertThat(reach(address, port))
            .as("a daemon at " + address + ":" + port)
            .isNotEqualTo("open");
      }
    }
    assertThat(reach("169.254.169.254", "80")).as("the metadata service").isNotEqualTo("open");
  }

  @Test
  void otherAppIsOutOfReach() {
    try (GitApp other = GitApp.probe(platform)) {
      other.push().succeed();
      String address = other.addresses().get(0);
      assertThat(reach(address, "5000")).as("the other app").isNotEqualTo("open");
      // The question is a good one only if the address answers somebody: the router's way.
      assertThat(
              Command.of("curl", "-sS", "-m", "5", "http://" + address + ":5000/").succeed().out())
          .isEqualTo("version 1");
    }
  }

  private String reach(String host, String port) {
    return app.body("/reach?host=" + host + "&port=" + port);
  }

  private String apiPort() {
    String api = platform.variable("PAAS_API");
    return api.substring(api.lastIndexOf(':') + 1);
  }

  /** Addresses of the host's own interfaces, the gateway of instances among them. */
  private static List<String> hostAddresses() {
    return Arrays.stream(Command.of("ip", "-4", "-br", "addr").succeed().out().split("\\s+"))
        .filter(word -> word.matches("[0-9.]+(/[0-9]+)?"))
        .map(word -> word.replaceAll("/.*", ""))
        .filter(address -> !isLoopback(address))
        .distinct()
        .toList();
  }

  private static boolean isLoopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (IOException e) {
      throw new AssertionError(address, e);
    }
  }

  @Test
  void memoryLimitEndsOnlyTheOneThatExceedsIt() {
    String before = app.body("/boot");
    Command.Outcome run =
        app.paas("run", "--", "node", "-e", "const a=[];for(;;)a.push(Buffer.alloc(16<<20,1))")
            .run();
    assertThat(run.exit()).isNotZero();
    assertThat(app.body("/boot")).as("the instance beside it").isEqualTo(before);
  }

  @Test
  void forkBombIsCapped() {
    String before = app.body("/boot");
    app.paas(
            "run",
            "--",
            "sh",
            "-c",
            "i=0; while [ $i -lt 2000 ]; do sleep 5 & i=$((i+1)); done; exit 1")
        .fail();
    assertThat(app.body("/boot")).isEqualTo(before);
  }
}
