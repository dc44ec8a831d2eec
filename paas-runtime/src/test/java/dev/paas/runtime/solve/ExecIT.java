package dev.paas.runtime.solve;

import static dev.paas.runtime.solve.BuildBench.copy;
import static dev.paas.runtime.solve.BuildBench.image;
import static dev.paas.runtime.solve.BuildBench.run;
import static dev.paas.runtime.solve.BuildBench.source;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.CacheMount;
import dev.paas.contract.runtime.ExecMount;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.content.NameRoom;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.layer.LayerTar;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileHandle;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.sandbox.SandboxWiring;
import dev.paas.runtime.tar.TestTar;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Steps that run in real sandboxes on layers of a real busybox. */
final class ExecIT {

  @TempDir private static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static ContainerParts parts;

  @SuppressWarnings("NullAway.Init")
  private static BuildBench bench;

  private static final Node BASE = image("base", "busybox");

  @BeforeAll
  static void open() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
    PlatformSettings settings =
        PlatformSettings.parse(
            "test",
            String.format(
                """
                [platform]
                id = "rta"
                data = "%s"
                run = "%s"
                control-user = "0"
                router-user = "0"
                [runtime]
                network = "10.214.96.0/22"
                [build]
                memory = "64MiB"
                disk = "32MiB"
                max-files = 1000
                max-name-bytes = "16KiB"
                max-directory = 300
                timeout = "20s"
                """,
                folder.resolve("data"), folder.resolve("run")));
    for (String made : List.of("data", "data/runtime", "run")) {
      Files.createDirectories(folder.resolve(made));
      Files.setPosixFilePermissions(
          folder.resolve(made), PosixFilePermissions.fromString("rwx--x--x"));
    }
    parts = ContainerParts.open(settings);
    parts
        .tools()
        .network()
        .firewall()
        .install(parts.tools().network().range(), List.of(), List.of());
    parts.tools().network().links().allowForwarding();
    Sandbox sandbox = SandboxWiring.sandbox(parts, settings, Clock.systemUTC());
    bench =
        new BuildBench(
            folder.resolve("data"), sandbox::start, parts.tools().roots(), settings.build());
    bench.images.importTar("busybox", ImageConfig.getDefaultInstance(), busybox().stream());
  }

  private static TestTar busybox() throws IOException {
    byte[] binary = Files.readAllBytes(Path.of("/bin/busybox"));
    TestTar tar =
        new TestTar()
            .directory("bin")
            .directory("etc")
            .directory("home/app", 0755, 1000, 1000)
            .directory("tmp", 01777, 0, 0)
            .file("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n")
            .file("etc/group", "root:x:0:\napp:x:1000:\n")
            .file("etc/remove-me", "x")
            .file("etc/dir/inside", "x")
            .file("bin/busybox", binary, 0755, 0, 0);
    for (String applet :
        List.of(
            "sh",
            "cat",
            "id",
            "rm",
            "mkdir",
            "chown",
            "chmod",
            "ln",
            "sleep",
            "dd",
            "ls",
            "mkfifo",
            "test",
            "true",
            "cp",
            "mv",
            "touch",
            "head",
            "tail",
            "truncate")) {
      tar.symlink("bin/" + applet, "busybox");
    }
    return tar;
  }

  @AfterAll
  static void close() throws IOException {
    bench.close();
    parts.tools().network().links().releaseRange();
    parts.tools().network().firewall().uninstall();
    for (String link : parts.tools().network().links().names()) {
      parts.tools().network().links().delete(link);
    }
    for (String group : parts.tools().cgroups().names()) {
      parts.tools().cgroups().kill(group);
      parts.tools().cgroups().remove(group);
    }
    parts.tools().cgroups().removeAll();
    parts.close();
    assertThat(Mounts.below(folder)).isEmpty();
  }

  private static Node shell(String id, String input, String script) {
    return run(id, input, "/bin/sh", "-ec", script);
  }

  private static FileStatus status(StoredImage image, String path) throws IOException {
    try (RootView view = bench.view(image)) {
      return view.root().statusBeneath(path).orElseThrow(() -> new AssertionError("no " + path));
    }
  }

  private static boolean exists(StoredImage image, String path) throws IOException {
    try (RootView view = bench.view(image)) {
      return view.root().statusBeneath(path).isPresent();
    }
  }

  private static String content(StoredImage image, String path) throws IOException {
    try (RootView view = bench.view(image);
        FileHandle file = view.root().readInRoot(path)) {
      return new String(file.stream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void whatAStepWritesIsOneLayerWithTheIdsSeenInside() throws Exception {
    StoredImage image =
        bench.solve(
            BASE,
            shell(
                "run",
                "base",
                "echo hello; echo oops >&2; echo made >/made; mkdir -p /home/app/d;"
                    + " echo x >/home/app/d/f; chown -R 1000:1000 /home/app/d;"
                    + " cp /bin/busybox /bin/su; chmod 4755 /bin/su; ln -s /etc /link;"
                    + " ln /made /again; rm /etc/remove-me; rm -r /etc/dir; mkdir /etc/dir"));
    assertThat(bench.output()).contains("hello").contains("oops");
    assertThat(image.layers()).hasSize(2);
    assertThat(content(image, "made")).isEqualTo("made\n");
    assertThat(status(image, "made").uid()).isZero();
    assertThat(status(image, "made").links()).isEqualTo(2);
    assertThat(status(image, "home/app/d/f").uid()).isEqualTo(1000);
    assertThat(status(image, "home/app").uid()).isEqualTo(1000);
    assertThat(status(image, "bin/su").permissions()).isEqualTo(04755);
    assertThat(status(image, "bin/su").uid()).isZero();
    assertThat(exists(image, "etc/remove-me")).isFalse();
    assertThat(exists(image, "etc/dir")).isTrue();
    assertThat(exists(image, "etc/dir/inside")).isFalse();
    assertThat(bench.images.leftOver()).isEmpty();
    assertThat(exists(image, "etc/passwd")).isTrue();
    assertThat(exists(image, "etc/resolv.conf")).isFalse();
    assertThat(exists(image, "run")).isFalse();
    assertThat(exists(image, "proc")).isFalse();
  }

  @Test
  void filesThatAreNotTheImagesCanBeWrittenReplacedAndDeletedAndAreInNoLayer() throws Exception {
    String written = "echo 192.0.2.9 there >>/etc/hosts; cat /etc/hosts";
    String replaced = "cp /etc/resolv.conf /etc/new; mv /etc/new /etc/resolv.conf";
    String deleted = "rm /etc/hostname; ln -s hosts /etc/hostname";
    StoredImage image =
        bench.solve(
            BASE,
            shell("files", "base", written + ";" + replaced + ";" + deleted + "; echo x >/etc/y"),
            shell("again", "files", "cat /etc/hosts /etc/hostname /etc/resolv.conf; rm /etc/hosts"),
            shell("nothing", "again", "true"));
    assertThat(bench.output()).contains("192.0.2.9 there").contains("nameserver");
    for (String file : List.of("etc/hosts", "etc/hostname", "etc/resolv.conf")) {
      assertThat(exists(image, file)).as(file).isFalse();
    }
    assertThat(content(image, "etc/y")).isEqualTo("x\n");
    assertThat(image.layers()).as("steps without a change make no layer").hasSize(2);
  }

  @Test
  void anImagesOwnCertificatesCanBeWrittenReplacedAndDeleted() throws Exception {
    String bundle = "/etc/ssl/certs/ca-certificates.crt";
    StoredImage image =
        bench.solve(
            BASE,
            shell("own", "base", "mkdir -p /etc/ssl/certs; echo own >" + bundle),
            shell("more", "own", "echo more >>" + bundle + "; cat " + bundle),
            shell("moved", "more", "cp " + bundle + " /tmp/b; mv /tmp/b " + bundle),
            shell("gone", "moved", "rm " + bundle + "; echo new >" + bundle));
    assertThat(bench.output()).contains("own\nmore");
    assertThat(content(image, bundle.substring(1))).isEqualTo("new\n");
  }

  @Test
  void filesOfAnotherRootAreBoundAndAreInNoLayer() throws Exception {
    Sha256 tree = bench.tree(new TestTar().file("lib/a", "from tree").file("one", "alone"));
    Node files = image("nothing", "");
    Node step =
        mounting(
            "run",
            "cat /deep/er/lib/a /srv/one >/seen; cat /tools/etc/passwd >>/seen;"
                + " ! touch /deep/er/new && ls -A /deep >>/seen",
            bind("/deep/er", "copied", "/bound", false),
            bind("/srv/one", "copied", "/bound/one", false),
            bind("/tools", "other", "/", false));
    StoredImage image =
        bench.solve(
            BASE,
            files,
            source("src", tree),
            copy("copied", "nothing", copy("src", "/bound", ".")),
            shell("other", "base", "echo other >/other"),
            step);
    assertThat(content(image, "seen")).startsWith("from treealoneroot:x:0:0").endsWith("er\n");
    assertThat(exists(image, "deep")).as("a place to mount on").isFalse();
    assertThat(exists(image, "srv")).as("a place to mount on").isFalse();
    assertThat(exists(image, "tools")).isFalse();
    assertThat(image.layers()).hasSize(2);
    assertThat(folder.resolve("data/runtime/tmp"))
        .isDirectoryNotContaining(p -> p.getFileName().toString().startsWith("build-"));
  }

  @Test
  void whatIsBoundDecidesWhetherAStepRunsAgain() throws Exception {
    for (String version : List.of("1", "2", "2")) {
      Sha256 tree = bench.tree(new TestTar().file("f", version));
      StoredImage image =
          bench.solve(
              BASE,
              image("nothing", ""),
              source("src", tree),
              copy("copied", "nothing", copy("src", "/bound", ".")),
              mounting("run", "cat /b/f >/seen-f", bind("/b", "copied", "/bound", false)));
      assertThat(content(image, "seen-f")).isEqualTo(version);
    }
    assertThat(bench.cached("run")).isTrue();
  }

  @Test
  void aSecretIsInMemoryOnlyAndANewOneRunsTheStepAgain() throws Exception {
    String planted = "planted-battery-staple";
    bench.secrets.add(secret(planted, "print-1"));
    try {
      Node step =
          mounting(
              "run",
              "test \"$(cat /run/secrets/KEY)\" = \"$TOKEN\" && test -n \"$TOKEN\";"
                  + " cat /deep/er/key >/dev/null; ls -ln /run/secrets/KEY /deep/er/key >/seen-it;"
                  + " ! echo x >/run/secrets/KEY",
              secret("/run/secrets/KEY", "TOKEN", "0:0", 0),
              secret("/deep/er/key", "", "1000:7", 0440));
      StoredImage image = bench.solve(BASE, step);
      assertThat(content(image, "seen-it"))
          .containsPattern("-r--r-----\\s+1 1000\\s+7\\s+22 .*/deep/er/key")
          .containsPattern("-r--------\\s+1 0\\s+0\\s+22 .*/run/secrets/KEY");
      assertThat(exists(image, "run")).as("a place to mount on").isFalse();
      assertThat(exists(image, "deep")).as("a place to mount on").isFalse();
      assertThat(filesWith(planted)).isEmpty();

      bench.solve(BASE, step);
      assertThat(bench.cached("run")).isTrue();
      bench.secrets.set(0, secret("another", "print-2"));
      bench.solve(BASE, step);
      assertThat(bench.cached("run")).isFalse();
    } finally {
      bench.secrets.clear();
    }
  }

  @Test
  void aSecretOfTheStepsUserIsTheirsToRead() throws Exception {
    bench.secrets.add(secret("for-the-app", "print-3"));
    try {
      Node step = mounting("run", "cat /k >/tmp/copy-of-length", secret("/k", "", "", 0));
      Node asApp =
          step.toBuilder().setExec(step.getExec().toBuilder().setUser("app").build()).build();
      assertThat(content(bench.solve(BASE, asApp), "tmp/copy-of-length")).isEqualTo("for-the-app");
    } finally {
      bench.secrets.clear();
    }
  }

  @Test
  void aSecretThatDidNotComeIsNoStep() {
    assertThatThrownBy(() -> bench.solve(BASE, mounting("run", "true", secret("/k", "", "", 0))))
        .hasMessageContaining("build.bad-graph");
  }

  private static SolveRequest.Secret secret(String value, String fingerprint) {
    return SolveRequest.Secret.newBuilder()
        .setId("KEY")
        .setValue(value)
        .setFingerprint(fingerprint)
        .build();
  }

  private static ExecMount secret(String target, String variable, String owner, int mode) {
    return ExecMount.newBuilder()
        .setTarget(target)
        .setSecret(
            ExecMount.Secret.newBuilder()
                .setId("KEY")
                .setVariable(variable)
                .setOwner(owner)
                .setMode(mode))
        .build();
  }

  /** Layers, keys, images, bundles: all that is kept. */
  private static List<Path> filesWith(String text) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(p -> Files.isRegularFile(p, NOFOLLOW_LINKS)).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
          found.add(file);
        }
      }
    }
    return found;
  }

  @Test
  void whatIsWrittenToABoundRootIsDropped() throws Exception {
    Node other = shell("other", "base", "mkdir /d; echo kept >/d/f");
    StoredImage image =
        bench.solve(
            BASE,
            other,
            mounting(
                "run",
                "echo changed >/b/f; echo new >/b/g; cat /b/f /b/g >/both",
                bind("/b", "other", "/d", true)),
            copy("from", "run", copy("other", "/back/", "/d")));
    assertThat(content(image, "both")).isEqualTo("changed\nnew\n");
    assertThat(content(image, "back/f")).isEqualTo("kept\n");
    assertThat(exists(image, "back/g")).isFalse();
  }

  @Test
  void aLinkThatIsBoundLeadsNowhereElse() throws Exception {
    Node other =
        shell("other", "base", "mkdir /d; echo inside >/d/f; ln -s /../../etc/shadow /out");
    Node inside = shell("links", "other", "ln -s /d /in");
    StoredImage image =
        bench.solve(
            BASE,
            other,
            inside,
            mounting("run", "cat /b/f >/read", bind("/b", "links", "/in", false)));
    assertThat(content(image, "read")).isEqualTo("inside\n");
    assertThatThrownBy(
            () ->
                bench.solve(
                    BASE,
                    other,
                    inside,
                    mounting("run", "true", bind("/b", "links", "/out", false))))
        .hasMessageContaining("build.mount-source-missing");
  }

  @Test
  void memoryIsMountedAndGone() throws Exception {
    ExecMount memory =
        ExecMount.newBuilder()
            .setTarget("/scratch/pad")
            .setTmpfs(ExecMount.Tmpfs.newBuilder().setBytes(1 << 20))
            .build();
    StoredImage image =
        bench.solve(
            BASE,
            mounting(
                "run",
                "echo x >/scratch/pad/f; head -c 2000000 /dev/zero >/scratch/pad/g || echo full"
                    + " >/said",
                memory));
    assertThat(content(image, "said")).isEqualTo("full\n");
    assertThat(exists(image, "scratch")).isFalse();
  }

  @Test
  void aStepWithoutANetworkHasALoopbackAlone() throws Exception {
    Node step = shell("run", "base", "ls /sys/class/net; cat /sys/class/net/lo/operstate");
    Node alone =
        step.toBuilder().setExec(step.getExec().toBuilder().setWithoutNetwork(true)).build();
    bench.solve(BASE, alone);
    assertThat(bench.output()).startsWith("lo\n");
    bench.solve(BASE, step);
    assertThat(bench.cached("run")).as("another step").isFalse();
    assertThat(bench.output().lines().filter(line -> !line.isBlank()).count()).isGreaterThan(2);
  }

  private static Node mounting(String id, String script, ExecMount... mounts) {
    Node step = shell(id, "base", script);
    return step.toBuilder()
        .setExec(step.getExec().toBuilder().addAllMounts(List.of(mounts)))
        .build();
  }

  private static ExecMount bind(String target, String from, String path, boolean writable) {
    return ExecMount.newBuilder()
        .setTarget(target)
        .setBind(ExecMount.Bind.newBuilder().setFrom(from).setPath(path).setWritable(writable))
        .build();
  }

  @Test
  void equalStepIsNotRunAgainAndAnotherInputIs() throws Exception {
    Node step = shell("run", "base", "cat /bin/busybox >/dev/null; echo cached >/cached");
    StoredImage first = bench.solve(BASE, step);
    assertThat(bench.cached("run")).isFalse();
    StoredImage second = bench.solve("other", bench.events::add, BASE, step);
    assertThat(bench.cached("run")).isTrue();
    assertThat(second.digest()).isEqualTo(first.digest());
    Node src = source("src", bench.tree(new TestTar().file("a", "1")));
    bench.solve(
        BASE,
        src,
        copy("c", "base", copy("src", "/a", "a")),
        shell("run", "c", "echo cached >/cached"));
    assertThat(bench.cached("run")).isFalse();
  }

  @Test
  void changeOfSourceRerunsOnlyWhatFollows() throws Exception {
    Node install = shell("install", "lock", "sleep 0.1; mkdir /deps; echo x >/deps/a");
    for (String version : List.of("1", "2")) {
      Sha256 tree =
          bench.tree(new TestTar().file("lock.json", "{}").file("index.js", "v" + version));
      StoredImage image =
          bench.solve(
              BASE,
              source("src", tree),
              copy("lock", "base", copy("src", "/app/", "lock.json")),
              install,
              copy("app", "install", copy("src", "/app/", ".")));
      assertThat(bench.cached("install")).isEqualTo(version.equals("2"));
      assertThat(bench.cached("app")).isFalse();
      assertThat(content(image, "app/index.js")).isEqualTo("v" + version);
      assertThat(content(image, "deps/a")).isEqualTo("x\n");
    }
  }

  @Test
  void failingStepSaysItsExitCodeAndKeepsWhatWasMadeBefore() throws Exception {
    Node good = shell("good", "base", "echo good >/good-step");
    assertThatThrownBy(() -> bench.solve(BASE, good, shell("bad", "good", "echo why; exit 3")))
        .hasMessageContaining("build.step-failed")
        .hasMessageContaining("exit code 3");
    assertThat(bench.output()).contains("why");
    bench.solve(BASE, good);
    assertThat(bench.cached("good")).isTrue();
    assertThatThrownBy(() -> bench.solve(BASE, run("r", "base", "/bin/no-such-program")))
        .hasMessageContaining("127");
    assertThat(folder.resolve("data/runtime/tmp"))
        .isDirectoryNotContaining(p -> p.getFileName().toString().startsWith("build-"));
  }

  @Test
  void stepThatNeedsTooMuchMemorySaysSo() {
    assertThatThrownBy(
            () -> bench.solve(BASE, shell("oom", "base", "head -c 200000000 /dev/zero | tail")))
        .hasMessageContaining("OOM-killed (limit 64MiB)");
  }

  @Test
  void stepThatChangesNothingAddsNoLayer() throws Exception {
    StoredImage image = bench.solve(BASE, shell("run", "base", "true"));
    assertThat(image.layers()).hasSize(1);
    bench.solve(BASE, shell("run", "base", "true"));
    assertThat(bench.cached("run")).isTrue();
  }

  @Test
  void userAndWorkingDirectoryHold() throws Exception {
    Node step =
        Node.newBuilder()
            .setId("run")
            .setExec(
                shell("x", "base", "id -u; echo $PWD; echo mine >file").getExec().toBuilder()
                    .setUser("app")
                    .setWorkingDir("/home/app"))
            .build();
    StoredImage image = bench.solve(BASE, step);
    assertThat(bench.output()).contains("1000\n/home/app");
    assertThat(status(image, "home/app/file").uid()).isEqualTo(1000);
  }

  @Test
  void cacheMountSurvivesBetweenBuildsOfOneAppAndStaysOutOfTheLayer() throws Exception {
    assertThat(cacheStep("shop", "1")).doesNotContain("found");
    assertThat(cacheStep("shop", "2")).contains("found 1");
    assertThat(cacheStep("other", "3")).doesNotContain("found");
  }

  private static String cacheStep(String app, String number) throws Exception {
    Node step =
        Node.newBuilder()
            .setId("run")
            .setExec(
                shell(
                        "x",
                        "base",
                        "test -e /cache/npm/n && echo found $(cat /cache/npm/n);"
                            + " echo "
                            + number
                            + " >/cache/npm/n; echo y >/made"
                            + number)
                    .getExec()
                    .toBuilder()
                    .setUser("root")
                    .addCaches(CacheMount.newBuilder().setId("../../npm").setTarget("/cache/npm")))
            .build();
    StoredImage image = bench.solve(app, bench.events::add, BASE, step);
    assertThat(exists(image, "made" + number)).isTrue();
    assertThat(exists(image, "cache/npm")).isFalse();
    return bench.output();
  }

  @Test
  void cacheThatAnotherAppHasPoisonedTakesNoPartInAStep() throws Exception {
    String take = "cp /cache/it /taken 2>/dev/null || echo clean >/taken";
    bench.solve("evil", bench.events::add, BASE, cached("echo poison >/cache/it; echo >/x"));
    StoredImage evil = bench.solve("evil", bench.events::add, BASE, cached(take));
    assertThat(content(evil, "taken")).isEqualTo("poison\n");
    StoredImage own = bench.solve("shop", bench.events::add, BASE, cached(take));
    assertThat(content(own, "taken")).isEqualTo("clean\n");
  }

  private static Node cached(String script) {
    CacheMount.Builder mount = CacheMount.newBuilder().setId("shared").setTarget("/cache");
    ExecOp exec = shell("x", "base", script).getExec().toBuilder().addCaches(mount).build();
    return Node.newBuilder().setId("run").setExec(exec).build();
  }

  @Test
  void imageOfAnotherAppIsNoBase() throws Exception {
    StoredImage own = bench.solve("blog", bench.events::add, BASE, shell("a", "base", "echo >/s"));
    for (String ref : List.of("apps/blog:build-1", own.digest().toString(), "x@" + own.digest())) {
      assertThatThrownBy(
              () -> bench.solve(image("other", ref), shell("a", "other", "cat /s >/copied")))
          .hasMessageContaining("image.not-found");
    }
    StoredImage again =
        bench.solve(
            "blog",
            bench.events::add,
            image("other", "apps/blog:build-1"),
            shell("a", "other", "echo >/more"));
    assertThat(exists(again, "s")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "for i in 1 2 3; do head -c 15000000 /dev/zero >/f$i; done",
        "for i in 1 2 3; do head -c 15000000 /dev/zero >/cache/f$i; done",
        // Holes: the layer's digest is made of all their zeros.
        "for i in 1 2 3; do truncate -s 15000000 /f$i; done",
        "i=0; while [ $i -lt 30 ]; do truncate -s 2000000 /f$i; i=$((i+1)); done",
      })
  void stepThatWritesMoreThanItMaySaysSoAndLeavesNothing(String script) {
    assertThatThrownBy(() -> bench.solve("filler", bench.events::add, BASE, cached(script)))
        .hasMessageContaining("build.disk-full")
        .hasMessageContaining("32MiB");
    assertThat(folder.resolve("data/runtime/tmp"))
        .isDirectoryNotContaining("glob:**{build,layer,view}-*");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "i=0; while [ $i -lt 300 ]; do mkdir d; cd d; i=$((i+1)); done | build.too-deep | limit"
            + " 256",
        // Hard links cost no inode: 40 folders of 51 names each, and one folder of 401.
        "mkdir a; i=0; while [ $i -lt 50 ]; do : >a/$i; i=$((i+1)); done;"
            + " while [ $i -lt 90 ]; do cp -rl a b$i; i=$((i+1)); done"
            + " | build.too-many-files | limit 1000",
        "mkdir a; : >a/0; i=1; while [ $i -lt 401 ]; do ln a/0 a/$i; i=$((i+1)); done"
            + " | build.too-many-files | limit 300",
        "n=$(printf %0250d 0); mkdir a; : >a/$n; i=0;"
            + " while [ $i -lt 99 ]; do ln a/$n a/$n$i; i=$((i+1)); done | build.too-many-files"
            + " | limit 16KiB",
      })
  void stepThatMakesMoreNamesThanItMaySaysSoAndLeavesNothing(
      String script, String code, String limit) {
    assertThatThrownBy(() -> bench.solve("filler", bench.events::add, BASE, cached(script)))
        .hasMessageContaining(code)
        .hasMessageContaining(limit);
    assertThat(folder.resolve("data/runtime/tmp"))
        .isDirectoryNotContaining("glob:**{build,layer,view}-*");
  }

  @Test
  void namesThatAreNoTextAreKeptThroughStepsCopiesAndTars() throws Exception {
    String name = "n\\377\\303(";
    StoredImage made =
        bench.solve(
            BASE,
            shell(
                "a",
                "base",
                "mkdir /d; cd /d; n=$(printf '" + name + "'); echo x >$n; ln $n $n.2; ln -s $n l"),
            copy("b", "base", copy("a", "/e/", "/d/n*")),
            copy("c", "b", copy("a", "/f", "/d")),
            shell("e", "c", "cat /e/$(printf '" + name + "') /f/l >/out"));
    String raw = "n\u00ff\u00c3(";
    for (String path : List.of("e/" + raw, "e/" + raw + ".2", "f/" + raw, "f/" + raw + ".2")) {
      assertThat(exists(made, path)).as(path).isTrue();
    }
    assertThat(exists(made, "e/n\u00fe\u00c3(")).isFalse();
    // As archive and back, each layer that was made here is the same.
    for (Sha256 layer : made.layers().subList(1, made.layers().size())) {
      ByteArrayOutputStream tar = new ByteArrayOutputStream();
      try (Directory directory = Directory.open(bench.images.layers().get(layer).directory());
          NameRoom.Share room = bench.images.room().share()) {
        assertThat(LayerTar.write(directory, tar, room).diffId()).isEqualTo(layer);
      }
      StoredImage again =
          bench.images.importTar(
              "again",
              ImageConfig.getDefaultInstance(),
              new ByteArrayInputStream(tar.toByteArray()));
      assertThat(again.layers()).containsExactly(layer);
    }
  }

  @Test
  void interruptKillsTheRunningStep() throws Exception {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    List<String> started = new CopyOnWriteArrayList<>();
    Thread build =
        new Thread(
            () -> {
              try {
                bench.solve(
                    "shop",
                    e -> started.add(e.getOutput().getData().toStringUtf8()),
                    BASE,
                    shell("run", "base", "echo running; sleep 1000"));
              } catch (Exception e) {
                thrown.set(e);
              }
            });
    build.start();
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> String.join("", started).contains("running"));
    build.interrupt();
    build.join(20_000);
    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(parts.tools().cgroups().names()).noneMatch(name -> name.startsWith("build-shop"));
  }

  @Test
  void smallChangeIsQuick() throws Exception {
    TestTar many = new TestTar();
    for (int i = 0; i < 40; i++) {
      many.file("src/f" + i + ".js", "content " + i);
    }
    bench.solve(
        BASE, source("src", bench.tree(many)), copy("app", "base", copy("src", "/app/", ".")));
    long whole = 0;
    for (int round = 0; round < 5; round++) {
      TestTar changed = new TestTar();
      for (int i = 0; i < 40; i++) {
        changed.file("src/f" + i + ".js", "content " + (i == 0 ? "changed " + round : i));
      }
      Node src = source("src", bench.tree(changed));
      long start = System.nanoTime();
      bench.solve(BASE, src, copy("app", "base", copy("src", "/app/", ".")));
      whole = (System.nanoTime() - start) / 1_000_000;
    }
    long millis =
        bench.events.stream()
            .filter(e -> e.getFinished().getNode().equals("app"))
            .mapToLong(e -> e.getFinished().getMillis())
            .sum();
    System.out.println("40 files, one changed: copy " + millis + " ms, build " + whole + " ms");
    assertThat(millis).isLessThan(1000);
  }
}
