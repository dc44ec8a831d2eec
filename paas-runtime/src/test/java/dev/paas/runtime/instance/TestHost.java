package dev.paas.runtime.instance;

import dev.paas.base.disk.DurableFile;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.runtime.container.Admissions;
import dev.paas.runtime.container.ContainerParts;
import dev.paas.runtime.image.ImageDigest;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.inventory.Inventory;
import dev.paas.runtime.inventory.InventoryWiring;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.oci.HostPrograms;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.sandbox.Sandbox;
import dev.paas.runtime.sandbox.SandboxWiring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A throw-away platform on this host and a layer made of busybox. */
public final class TestHost implements AutoCloseable {

  private static final List<String> APPLETS =
      List.of(
          "sh",
          "cat",
          "ls",
          "id",
          "echo",
          "sleep",
          "nc",
          "wget",
          "ping",
          "ip",
          "hostname",
          "grep",
          "mount",
          "touch",
          "kill",
          "head",
          "tail",
          "dd",
          "ps",
          "stat",
          "mkdir",
          "seq",
          "yes",
          "nslookup",
          "httpd",
          "env",
          "pwd",
          "true",
          "false",
          "wc",
          "tr",
          "mkfifo",
          "timeout");

  public final Path folder;
  final PlatformSettings settings;
  public ContainerParts parts;
  final Path layer;

  /** The store of images that instances start from: a fault of it is a fault of their launch. */
  volatile Function<String, StoredImage> images = this::image;

  public TestHost(String id, String network) throws IOException {
    this(id, network, "");
  }

  public TestHost(String id, String network, String more) throws IOException {
    this(id, network, more, HostPrograms.ociRuntime());
  }

  public TestHost(String id, String network, String more, Path ociRuntime) throws IOException {
    folder = Folders.create(Files.createTempDirectory("paas-" + id + "-"), "rwx--x--x");
    settings =
        PlatformSettings.parse(
            "test",
            String.format(
                "[platform]\nid = \"%s\"\ndata = \"%s\"\nrun = \"%s\"\ncontrol-user = \"0\"\n"
                    + "router-user = \"0\"\n[runtime]\nnetwork = \"%s\"\nuid-ranges = 8\n%s",
                id, folder.resolve("data"), folder.resolve("run"), network, more));
    Folders.create(folder.resolve("data"), "rwx--x--x");
    Folders.create(folder.resolve("data/runtime"), "rwx--x--x");
    Folders.create(folder.resolve("run"), "rwx--x--x");
    parts = ContainerParts.open(settings, ociRuntime);
    layer = layer(folder.resolve("layer"));
  }

  /** What the daemon starts with. */
  Supervisor instances(Logs logs) throws IOException {
    return instances(logs, inventory(), digest -> images.apply(digest));
  }

  Supervisor instances(Logs logs, Inventory inventory, Function<String, StoredImage> from)
      throws IOException {
    return wiring(logs, from).supervisor(inventory, new Admissions());
  }

  private SupervisorWiring wiring(Logs logs, Function<String, StoredImage> from)
      throws IOException {
    UidRanges ids =
        new UidRanges(
            new DurableFile(folder.resolve("data/runtime/uid-ranges")),
            settings.runtime().uidBase(),
            8);
    return new SupervisorWiring(parts, settings, ids, from, logs, Clock.systemUTC());
  }

  Inventory inventory() throws IOException {
    return InventoryWiring.inventory(parts, settings);
  }

  Logs logs() throws IOException {
    return new Logs(
        folder.resolve("data/runtime"),
        parts.tools().folders().bundles(),
        parts.duties(),
        settings.runtime().logKept().bytes());
  }

  public Sandbox sandbox() throws IOException {
    return SandboxWiring.sandbox(parts, settings, Clock.systemUTC());
  }

  /** What makes processes of instances, without anybody who looks after them. */
  Launcher launcher(Logs logs) throws IOException {
    SupervisorWiring wiring = wiring(logs, this::image);
    return wiring.launcher(wiring.monitor());
  }

  /** Starts an instance; returns when its program has begun. */
  static Instance start(Supervisor instances, InstanceSpec spec) throws Exception {
    return instances.start(spec).get(60, TimeUnit.SECONDS);
  }

  /** The one image of this host, whatever its digest. */
  StoredImage image(String digest) {
    return new StoredImage(
        ImageDigest.parse(digest),
        Set.of(),
        ImageConfig.newBuilder().setUser("app").addEnv("PATH=/bin").setWorkingDir("/srv").build(),
        List.of(),
        List.of(layer),
        1,
        Instant.EPOCH);
  }

  static Path layer(Path layer) throws IOException {
    for (String made : List.of("bin", "etc", "home/app", "srv", "tmp")) {
      Folders.create(Files.createDirectories(layer.resolve(made)), "rwxr-xr-x");
    }
    Folders.create(layer, "rwxr-xr-x");
    Folders.create(layer.resolve("home"), "rwxr-xr-x");
    Folders.create(layer.resolve("tmp"), "rwxrwxrwx");
    Files.copy(Path.of("/bin/busybox"), layer.resolve("bin/busybox"));
    for (String applet : APPLETS) {
      Files.createSymbolicLink(layer.resolve("bin").resolve(applet), Path.of("busybox"));
    }
    Files.writeString(
        layer.resolve("etc/passwd"),
        "root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000:app:/home/app:/bin/sh\n");
    Files.writeString(layer.resolve("etc/group"), "root:x:0:\napp:x:1000:\nextra:x:2000:app\n");
    return layer;
  }

  /** What a daemon that starts again sees: nothing of what the one before had in mind. */
  void reopen() throws IOException {
    parts.close();
    parts = ContainerParts.open(settings);
  }

  public UidRange range(int place) {
    return new UidRange(settings.runtime().uidBase() + (long) place * UidRange.SIZE);
  }

  public RootFilesystem root(String name, int place) throws IOException {
    Path writable = Folders.create(folder.resolve("data/runtime/w-" + name), "rwx--x--x");
    return parts.tools().roots().mount(name, List.of(layer), writable, range(place));
  }

  @Override
  public void close() throws IOException {
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
    RootFilesystems.unmount(folder.resolve("run/instances/roots/none"));
    parts.close();
    dev.paas.runtime.linux.mount.Mounts.unmountBelow(folder);
    Folders.delete(folder);
  }
}
