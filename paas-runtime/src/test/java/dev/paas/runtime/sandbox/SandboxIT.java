package dev.paas.runtime.sandbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.Limits;
import dev.paas.runtime.instance.TestHost;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.rootfs.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sandboxes on the real kernel. */
final class SandboxIT {

  private static final List<String> ENV = List.of("PATH=/bin", "A=b");

  @SuppressWarnings("NullAway.Init")
  private static TestHost host;

  @SuppressWarnings("NullAway.Init")
  private static Sandbox sandbox;

  @BeforeAll
  static void open() throws IOException {
    host = new TestHost("rtbs", "10.214.100.0/24");
    host.parts
        .tools()
        .network()
        .firewall()
        .install(host.parts.tools().network().range(), List.of(), List.of());
    host.parts.tools().network().links().allowForwarding();
    sandbox = host.sandbox();
  }

  @AfterAll
  static void close() throws IOException {
    host.close();
  }

  private record Result(Exit exit, String out, String err) {}

  private static SandboxSpec spec(
      String name, RootFilesystem root, boolean network, String script) {
    return new SandboxSpec(
        name,
        root,
        List.of("sh", "-c", script),
        ENV,
        "/",
        "",
        Limits.newBuilder().setMemoryBytes(64 << 20).setCpuMillis(1000).setPids(64).build(),
        network,
        SandboxMounts.NONE,
        false,
        "build-1");
  }

  private static Result run(SandboxSpec spec) throws Exception {
    try (SandboxProcess process = sandbox.start(spec)) {
      process.stdin().close();
      String out = new String(process.stdout().readAllBytes(), UTF_8);
      String err = new String(process.stderr().readAllBytes(), UTF_8);
      return new Result(process.await(), out, err);
    }
  }

  private static Result run(String name, boolean network, String script) throws Exception {
    try (RootFilesystem root = host.root(name, 1)) {
      return run(spec(name, root, network, script));
    }
  }

  @Test
  void exitCodeAndBothOutputsComeBack() throws Exception {
    Result result = run("codes", false, "echo out; echo err >&2; exit 7");
    assertThat(result.out()).isEqualTo("out\n");
    assertThat(result.err()).isEqualTo("err\n");
    assertThat(result.exit().getCode()).isEqualTo(7);
    assertThat(result.exit().getReason()).isEqualTo(Exit.Reason.EXITED);
  }

  @Test
  void processSeesItsOwnWorldAlone() throws Exception {
    Result result =
        run(
            "world",
            false,
            "cat /proc/self/uid_map; cat /proc/self/status; hostname; pwd; id; ls /proc/1/fd; cat"
                + " /proc/self/cgroup; mount -t tmpfs x /srv; cat /proc/mounts; ls /sys/fs/cgroup");
    assertThat(result.out())
        .containsPattern("0 +" + host.range(1).first() + " +65536")
        .contains("NoNewPrivs:\t1")
        .contains("Seccomp:\t2")
        .contains("build-1")
        .contains("uid=0(root)");
    assertThat(result.err()).contains("mount: permission denied");
  }

  @Test
  void whatItWritesIsInTheUpperWithTheRangesIds() throws Exception {
    try (RootFilesystem root = host.root("upper", 2)) {
      Result result =
          run(spec("upper", root, false, "echo hello >/srv/made; touch /root; ls -ln /srv"));
      assertThat(result.exit().getCode()).isZero();
      Path made = root.upper().resolve("srv/made");
      assertThat(Files.readString(made)).isEqualTo("hello\n");
      assertThat(((Number) Files.getAttribute(made, "unix:uid")).longValue() & 0xffffffffL)
          .isEqualTo(host.range(2).first());
    }
  }

  @Test
  void memoryBeyondTheLimitIsAnOomKill() throws Exception {
    Result result = run("oom", false, "x=$(yes | head -c 200000000); echo done");
    assertThat(result.exit().getReason()).isEqualTo(Exit.Reason.OOM_KILLED);
    assertThat(result.exit().getDetail()).isEqualTo("OOM-killed (limit 64 MiB)");
  }

  @Test
  void cacheFoldersOutliveTheSandbox() throws Exception {
    Path cache = Folders.create(host.folder.resolve("cache"), "rwxr-xr-x");
    for (String name : List.of("cache1", "cache2")) {
      try (RootFilesystem root = host.root(name, 3)) {
        SandboxSpec plain =
            spec(name, root, false, "echo $$ >>/cache/npm/x; cat /cache/npm/x | wc -l");
        SandboxSpec cached =
            new SandboxSpec(
                plain.name(),
                plain.root(),
                plain.argv(),
                plain.env(),
                "/work/new",
                "",
                plain.limits(),
                false,
                SandboxMounts.shared(List.of(new SandboxMounts.Shared(cache, "/cache/npm"))),
                true,
                "b");
        Result result = run(cached);
        assertThat(result.err()).isEmpty();
        assertThat(result.out().strip()).isEqualTo(name.substring(5));
      }
    }
    assertThat(((Number) Files.getAttribute(cache.resolve("x"), "unix:uid")).intValue()).isZero();
  }

  @Test
  void anotherUserHasNoCapabilities() throws Exception {
    try (RootFilesystem root = host.root("user", 1)) {
      SandboxSpec plain =
          spec("user", root, false, "id; cat /proc/self/status; echo $HOME; echo x >/dev/stdout");
      SandboxSpec asApp =
          new SandboxSpec(
              plain.name(),
              root,
              plain.argv(),
              ENV,
              "/home/app",
              "app",
              plain.limits(),
              false,
              SandboxMounts.NONE,
              false,
              "b");
      Result result = run(asApp);
      assertThat(result.out())
          .contains("uid=1000(app) gid=1000(app) groups=1000(app),2000(extra)")
          .contains("CapEff:\t0000000000000000")
          .contains("CapBnd:\t0000000000000000")
          .contains("/home/app\n");
    }
  }

  @Test
  void killedSandboxEndsWithEverythingInIt() throws Exception {
    try (RootFilesystem root = host.root("kill", 1)) {
      try (SandboxProcess process =
          sandbox.start(spec("kill", root, false, "sleep 1000 & sleep 1000"))) {
        process.kill();
        assertThat(process.await().getCode()).isEqualTo(137);
      }
    }
    assertThat(host.parts.tools().cgroups().names()).doesNotContain("kill");
  }

  @Test
  void networkReachesDns() throws Exception {
    Result result =
        run(
            "net",
            true,
            "ip addr; ip route; cat /etc/resolv.conf; nslookup nowhere.invalid; cat /etc/hosts");
    assertThat(result.out()).contains("nameserver 10.214.100.1");
    // A resolver that says that there is no such name (RFC 6761) has answered.
    assertThat(result.out()).contains("NXDOMAIN");
  }
}
