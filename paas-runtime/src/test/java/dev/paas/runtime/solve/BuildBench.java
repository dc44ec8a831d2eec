package dev.paas.runtime.solve;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.disk.DurableFile;
import dev.paas.base.settings.DataSize;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.contract.runtime.BuildGraph;
import dev.paas.contract.runtime.CopyOp;
import dev.paas.contract.runtime.ExecOp;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImageOp;
import dev.paas.contract.runtime.MakeDirOp;
import dev.paas.contract.runtime.Node;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.contract.runtime.TreeOp;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.Claims;
import dev.paas.runtime.content.Sha256;
import dev.paas.runtime.content.TestRoom;
import dev.paas.runtime.image.ImageStore;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.sandbox.SandboxRunner;
import dev.paas.runtime.tar.TestTar;
import dev.paas.runtime.tree.TreeStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A real store and solver in a folder, and short ways to write graphs. */
final class BuildBench implements AutoCloseable {

  final ImageStore images;
  final Solver solver;

  /** Two threads add to it: a step's output and its errors. */
  final List<SolveEvent> events = new CopyOnWriteArrayList<>();

  /** Come with each build. */
  final List<SolveRequest.Secret> secrets = new ArrayList<>();

  private final SandboxRunner runner;

  BuildBench(Path folder) throws IOException {
    this(
        folder,
        spec -> {
          throw new IllegalStateException("this test runs nothing");
        });
  }

  BuildBench(Path folder, SandboxRunner.Starter starter) throws IOException {
    this(
        folder,
        starter,
        new RootFilesystems(
            Files.createDirectories(folder.resolve("run")),
            Files.createDirectories(folder.resolve("runtime"))),
        PlatformSettings.DEFAULTS.build());
  }

  BuildBench(
      Path folder,
      SandboxRunner.Starter starter,
      RootFilesystems roots,
      PlatformSettings.Build limits)
      throws IOException {
    Path data = folder.resolve("runtime");
    images =
        new ImageStore(
            data, new TreeStore.Limits(64 << 20, 10_000), TestRoom.open(), Clock.systemUTC());
    UidRanges ranges = new UidRanges(new DurableFile(folder.resolve("ranges")), 1_900_000_000L, 16);
    runner = new SandboxRunner(starter, new DiskSpace(data, new DataSize(0)));
    ExecStep exec =
        new ExecStep(
            runner,
            new WritableCopies(roots, new Claims(), ranges, data),
            new CacheFolders(data, limits),
            new Admissions(),
            limits);
    solver = new Solver(data, images, exec, limits, Clock.systemUTC(), Ticker.system());
  }

  /** A base image with directories, users and links to trip over. */
  static TestTar base() {
    return new TestTar()
        .directory("etc")
        .file("etc/passwd", "root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n")
        .file("etc/group", "root:x:0:\nweb:x:33:\n")
        .directory("opt", 0711, 3, 4)
        .directory("srv/releases/1")
        .symlink("srv/current", "/srv/releases/1")
        .symlink("srv/out", "/../../../../../../tmp")
        .symlink("srv/dangling", "/nowhere/at/all")
        .file("file", "a file");
  }

  Sha256 tree(TestTar tar) throws IOException {
    return images.trees().put(tar.stream()).digest();
  }

  static Node image(String id, String ref) {
    return Node.newBuilder().setId(id).setImage(ImageOp.newBuilder().setRef(ref)).build();
  }

  static Node source(String id, Sha256 digest) {
    return Node.newBuilder()
        .setId(id)
        .setTree(TreeOp.newBuilder().setDigest(digest.value()))
        .build();
  }

  static CopyOp.Builder copy(String from, String destination, String... sources) {
    return CopyOp.newBuilder()
        .setFrom(from)
        .setDestination(destination)
        .addAllSources(List.of(sources));
  }

  static Node copy(String id, String input, CopyOp.Builder op) {
    return Node.newBuilder().setId(id).setTitle("COPY").setCopy(op.setInput(input)).build();
  }

  static Node makeDir(String id, String input, String path, String owner) {
    MakeDirOp op = MakeDirOp.newBuilder().setInput(input).setPath(path).setOwner(owner).build();
    return Node.newBuilder().setId(id).setMakeDir(op).build();
  }

  static Node run(String id, String input, String... argv) {
    ExecOp op =
        ExecOp.newBuilder().setInput(input).addAllArgv(List.of(argv)).addEnv("PATH=/bin").build();
    return Node.newBuilder().setId(id).setTitle("RUN").setExec(op).build();
  }

  /** Solves for the last node, as the app {@code shop}. */
  StoredImage solve(Node... nodes) throws IOException, InterruptedException {
    return solve("shop", events::add, nodes);
  }

  StoredImage solve(String app, Consumer<SolveEvent> sink, Node... nodes)
      throws IOException, InterruptedException {
    events.clear();
    return solver.solve(
        SolveRequest.newBuilder()
            .setApp(app)
            .setGraph(
                BuildGraph.newBuilder()
                    .addAllNodes(List.of(nodes))
                    .setOutput(nodes[nodes.length - 1].getId()))
            .setConfig(ImageConfig.newBuilder().addCmd("/bin/true"))
            .setName("apps/" + app + ":build-1")
            .addAllSecrets(secrets)
            .build(),
        sink);
  }

  boolean cached(String node) {
    return events.stream()
        .anyMatch(e -> e.getFinished().getNode().equals(node) && e.getFinished().getCached());
  }

  /** What the steps printed. */
  String output() {
    StringBuilder all = new StringBuilder();
    events.forEach(e -> all.append(e.getOutput().getData().toStringUtf8()));
    return all.toString();
  }

  RootView view(StoredImage image) throws IOException {
    return RootView.of(images.layers().temporary(), image.layerDirectories());
  }

  @Override
  public void close() {
    runner.close();
  }
}
