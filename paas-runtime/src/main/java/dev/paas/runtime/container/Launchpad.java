package dev.paas.runtime.container;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.duty.Duties;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.network.AddressRange;
import dev.paas.runtime.network.Firewall;
import dev.paas.runtime.network.InstanceLinks;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.oci.HostPrograms;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.oci.ResourceLimits;
import dev.paas.runtime.oci.SystemCallFilter;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * What every container of a platform needs on this host: its folders, the OCI runtime, groups,
 * links, filters. Sandboxes and instances are launched from here.
 */
public final class Launchpad implements AutoCloseable {

  /** Longest name of a container: file and group names allow 255. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,119}");

  private final PlatformSettings settings;
  private final Path run;
  private final Path bundles;
  private final Path etc;
  private final Path exits;
  private final Path writable;
  private final Path init;
  private final RootFilesystems roots;
  private final Cgroups cgroups;
  private final OciRuntime runtime;
  private final Firewall firewall;
  private final AddressRange range;
  private final InstanceLinks links;
  private final HostTrust trust;
  private final DiskWatch disk;
  private final SystemCallFilter filter = new SystemCallFilter();
  private final ResourceLimits resources;
  private final Claims claims = new Claims();
  private final Admissions admissions = new Admissions();
  private final Duties duties = new Duties();

  private Launchpad(PlatformSettings settings, Path ociRuntime) throws IOException {
    String platform = settings.platform().id();
    this.settings = settings;
    Path data = store(settings);
    this.run = Folders.create(folder(settings), "rwx--x--x");
    this.bundles = Folders.create(run.resolve("bundles"), "rwx------");
    this.etc = Folders.create(run.resolve("etc"), "rwx--x--x");
    this.exits = Folders.create(run.resolve("exits"), "rwx------");
    this.writable = Folders.create(data.resolve("instances"), "rwx------");
    this.resources = ResourceLimits.ofThisHost(settings.runtime().ptys());
    this.init = HostPrograms.init();
    this.roots = new RootFilesystems(run, data);
    this.cgroups = Cgroups.of(platform);
    this.runtime = OciRuntime.of(ociRuntime, run, cgroups);
    this.firewall = Firewall.of(platform, settings.runtime().connections());
    this.range = AddressRange.parse(settings.runtime().network());
    this.links = new InstanceLinks(platform, range, firewall);
    this.trust = new HostTrust(run);
    this.disk = new DiskWatch(settings.platform().data(), cgroups, duties, Ticker.system());
  }

  /** Finds this host's tools and makes the folders; touches nothing that runs. */
  public static Launchpad open(PlatformSettings settings) throws IOException {
    return open(settings, HostPrograms.ociRuntime());
  }

  public static Launchpad open(PlatformSettings settings, Path ociRuntime) throws IOException {
    return new Launchpad(settings, ociRuntime);
  }

  /**
   * The folder, on tmpfs, for all that a reboot ends: bundles with secrets, mount points, exit
   * codes.
   */
  public static Path folder(PlatformSettings settings) {
    return settings.platform().run().resolve("instances");
  }

  /**
   * The folder for all that images and apps bring and write. Their files have the modes they want,
   * setuid bits and file capabilities among them: nobody but root may come near, also not to what
   * an older version made that let everybody pass.
   */
  private static Path store(PlatformSettings settings) throws IOException {
    return Folders.create(settings.platform().data().resolve("runtime"), "rwx------");
  }

  public static String checkedName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("this can't name a container: " + name);
    }
    return name;
  }

  /** The folder of a container's bundle, empty and for root alone. */
  public Path bundle(String name) throws IOException {
    return Folders.create(bundles.resolve(checkedName(name)), "rwx------");
  }

  public Path bundles() {
    return bundles;
  }

  /**
   * The init program before a program's own argv.
   *
   * @param stopSignal what it takes for a stop, and sends to everything inside
   */
  public List<String> underInit(int stopSignal, List<String> argv) {
    List<String> all = new ArrayList<>();
    all.add(RootFilesystems.PLATFORM_FOLDER + "/init");
    all.add(Integer.toString(stopSignal));
    all.add(Long.toString(settings.deploy().stopGrace().toSeconds()));
    all.addAll(argv);
    return all;
  }

  /** The init program and the generated files of {@code /etc}; every image gets the same. */
  public List<Bundle.Bind> commonBinds(String name, String hostname, String address)
      throws IOException {
    List<Bundle.Bind> binds = new ArrayList<>(List.of(initBind()));
    for (Map.Entry<String, Path> file : generate(name, hostname, address).entrySet()) {
      binds.add(new Bundle.Bind(file.getValue(), "/etc/" + file.getKey(), false));
    }
    return binds;
  }

  /**
   * The same for a step of a build, whose {@code /etc} has the files instead of mounts: package
   * managers write such files, rename others over them and delete them, which no mount lets them.
   * {@link RootFilesystems#GENERATED} names what is not the layer's.
   */
  public List<Bundle.Bind> commonFiles(
      RootFilesystem root, String name, String hostname, String address) throws IOException {
    for (Map.Entry<String, Path> file : generate(name, hostname, address).entrySet()) {
      // The init layer has a folder and regular files there: no link of the image leads elsewhere.
      Files.write(
          root.path().resolve("etc").resolve(file.getKey()), Files.readAllBytes(file.getValue()));
    }
    return List.of(initBind());
  }

  private Bundle.Bind initBind() {
    return new Bundle.Bind(init, RootFilesystems.PLATFORM_FOLDER + "/init", false);
  }

  /** The files of {@code /etc} that a container gets, by name. */
  private Map<String, Path> generate(String name, String hostname, String address)
      throws IOException {
    Path folder = Folders.create(etc.resolve(name), "rwxr-xr-x");
    String dns = address.isEmpty() ? "" : "nameserver " + links.gateway().getHostAddress() + "\n";
    String self = address.isEmpty() ? "" : address + " " + hostname + "\n";
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("resolv.conf", readable(folder.resolve("resolv.conf"), dns));
    files.put(
        "hosts",
        readable(
            folder.resolve("hosts"), "127.0.0.1 localhost\n::1 localhost ip6-localhost\n" + self));
    files.put("hostname", readable(folder.resolve("hostname"), hostname + "\n"));
    return files;
  }

  private static Path readable(Path file, String content) throws IOException {
    Files.write(file, content.getBytes(UTF_8));
    Files.setPosixFilePermissions(
        file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
    return file;
  }

  /**
   * Frees what a container of this name has on this host, whatever is left of it, except its link.
   */
  void clear(String name) throws IOException {
    clearContainer(name);
    roots.clear(name);
  }

  /** The same, but leaves its root filesystem mounted. */
  public void clearContainer(String name) throws IOException {
    cgroups.kill(name);
    runtime.delete(name);
    Folders.delete(etc.resolve(name));
    Folders.delete(bundles.resolve(name));
    cgroups.removeWhenEmpty(name);
    disk.forget(name);
  }

  /** Frees everything of a container but its log and its place; absent things are a success. */
  public void clearAll(String name) throws IOException {
    clear(name);
    Files.deleteIfExists(exits.resolve(name));
    Folders.delete(writable.resolve(name));
  }

  /** A root filesystem without an image, for a moment; closing it removes it. */
  public Scratch scratch(String name) throws IOException {
    Claims.Claim claim = claims.hold(checkedName(name));
    Path folder = writable.resolve(name);
    try {
      Folders.create(folder, "rwx------");
      UidRange ids = new UidRange(settings.runtime().uidBase());
      return new Scratch(roots.mount(name, List.of(), folder, ids), folder, claim);
    } catch (IOException | RuntimeException failed) {
      try (claim) {
        roots.clear(name);
        Folders.delete(folder);
      } catch (IOException left) {
        failed.addSuppressed(left);
      }
      throw failed;
    }
  }

  /** See {@link Launchpad#scratch}. */
  public record Scratch(RootFilesystem root, Path folder, Claims.Claim claim)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (claim) {
        root.close();
        Folders.delete(folder);
      }
    }
  }

  /** The names of containers that are worked with now. */
  public Claims claims() {
    return claims;
  }

  /** What is being started, and which apps are being removed. */
  public Admissions admissions() {
    return admissions;
  }

  /** What the daemon does again and again. */
  public Duties duties() {
    return duties;
  }

  /** Folders of generated files, by container. */
  public Path etc() {
    return etc;
  }

  /** The place that a container was given, told by the name it has for itself. */
  public OptionalInt addressOf(String name) throws IOException {
    Path hosts = etc.resolve(name).resolve("hosts");
    if (!Files.exists(hosts)) {
      return OptionalInt.empty();
    }
    for (String line : Files.readAllLines(hosts)) {
      OptionalInt place = range.placeOf(line.split(" ", 2)[0]);
      if (place.isPresent()) {
        return place;
      }
    }
    return OptionalInt.empty();
  }

  /** Where monitors write the exit codes of what they watched, by container. */
  public Path exits() {
    return exits;
  }

  /** Folders of what containers change of their root filesystems, by container. */
  public Path writable() {
    return writable;
  }

  public void writeConfig(Path bundle, Bundle content) throws IOException {
    String name = String.valueOf(bundle.getFileName());
    Optional<Path> users =
        runtime.joinsNamespaces()
            ? Optional.of(roots.namespaceOf(content.root().ids()))
            : Optional.empty();
    Files.write(
        bundle.resolve("config.json"),
        content.json(filter, resources, runtime.entered(name), users));
  }

  public PlatformSettings settings() {
    return settings;
  }

  public Path run() {
    return run;
  }

  public RootFilesystems roots() {
    return roots;
  }

  public Cgroups cgroups() {
    return cgroups;
  }

  public OciRuntime runtime() {
    return runtime;
  }

  /** E.g. {@code crun 1.8.1}. */
  public String runtimeVersion() {
    return runtime.version();
  }

  public Firewall firewall() {
    return firewall;
  }

  public AddressRange range() {
    return range;
  }

  public InstanceLinks links() {
    return links;
  }

  /** One-off processes at once on this host. */
  public int maxOneOffs() {
    return settings.runtime().oneOffs();
  }

  /** What an instance or a one-off process may have on the disk. */
  public DiskLimits instanceDisk() {
    return new DiskLimits(settings.runtime().disk().bytes(), settings.runtime().maxFiles());
  }

  /** What a build's step may have there. */
  public DiskLimits stepDisk() {
    return new DiskLimits(
        settings.build().disk().bytes(),
        settings.build().maxFiles(),
        settings.build().maxNameBytes().bytes(),
        settings.build().maxDirectory());
  }

  public DiskWatch disk() {
    return disk;
  }

  public HostTrust trust() {
    return trust;
  }

  @Override
  public void close() {
    disk.close();
    roots.close();
    firewall.close();
  }
}
