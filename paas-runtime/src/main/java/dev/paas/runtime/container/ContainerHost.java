package dev.paas.runtime.container;

import dev.paas.runtime.cgroup.Cgroups;
import dev.paas.runtime.cgroup.GroupLimits;
import dev.paas.runtime.linux.file.DiskLimits;
import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.oci.Bundle;
import dev.paas.runtime.oci.OciRuntime;
import dev.paas.runtime.rootfs.RootFilesystem;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Makes what a container needs on this host, by its name, and takes it away again. Links and
 * addresses are the network's.
 */
public final class ContainerHost {

  /** Longest name of a container: file and group names allow 255. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,119}");

  private final ContainerFolders folders;
  private final RootFilesystems roots;
  private final Cgroups cgroups;
  private final OciRuntime runtime;
  private final DiskWatch disk;
  private final Claims claims;

  ContainerHost(
      ContainerFolders folders,
      RootFilesystems roots,
      Cgroups cgroups,
      OciRuntime runtime,
      DiskWatch disk,
      Claims claims) {
    this.folders = folders;
    this.roots = roots;
    this.cgroups = cgroups;
    this.runtime = runtime;
    this.disk = disk;
    this.claims = claims;
  }

  /** Refuses what can't name files and groups. */
  public static String checkedName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("this can't name a container: " + name);
    }
    return name;
  }

  /** Holds a container's name, see {@link Claims#hold}. */
  public Claims.Claim claim(String name) {
    return claims.hold(checkedName(name));
  }

  /** Mounts a root filesystem with a writable folder of its own. */
  public RootFilesystem mount(String name, List<Path> layers, UidRange ids) throws IOException {
    Path folder = Folders.create(folders.writable().resolve(checkedName(name)), "rwx------");
    return roots.mount(name, layers, folder, ids);
  }

  /** Shows a folder in a container, writable; see {@link RootFilesystems#share}. */
  public Path share(String name, Path source, UidRange ids) throws IOException {
    return roots.share(name, source, ids);
  }

  /** Makes a group and an empty folder for the bundle, for root alone. */
  public Path prepare(String name, GroupLimits limits) throws IOException {
    cgroups.create(checkedName(name), limits);
    return Folders.create(folders.bundles().resolve(name), "rwx------");
  }

  /** Writes what the OCI runtime is told. */
  public void configure(Path bundle, Bundle content) throws IOException {
    runtime.configure(bundle, content, roots);
  }

  /** Makes an empty folder for one more process of a container, for root alone. */
  public Path prepareProcess(String name) throws IOException {
    return Folders.create(folders.bundles().resolve(checkedName(name)), "rwx------");
  }

  /** Writes what the OCI runtime is told of one more process of a container. */
  public void configureProcess(Path file, Bundle content) throws IOException {
    runtime.configureProcess(file, content);
  }

  /** Removes what {@link #prepareProcess} and its monitor have made; absent is a success. */
  public void clearProcess(String name) throws IOException {
    Folders.delete(folders.bundles().resolve(name));
    Files.deleteIfExists(folders.socketLink(name));
    Files.deleteIfExists(folders.exits().resolve(name));
  }

  /** Where the root filesystem of a container is mounted. */
  public Path rootOf(String name) {
    return roots.placeOf(name);
  }

  /** The names of the containers that the OCI runtime knows. */
  public List<String> created() throws IOException {
    return runtime.created();
  }

  /** Executes the program of a container that was created. */
  public void start(String name) throws IOException {
    runtime.start(name);
  }

  /** The same for one that a killed daemon created and left waiting; others are left alone. */
  public void startIfWaiting(String name) throws IOException {
    if (runtime.waits(name)) {
      runtime.start(name);
    }
  }

  /** Has a container ended when it writes more than it may. */
  public void watch(String name, DiskWatch.Limit limit) {
    disk.watch(name, limit);
  }

  /** The same for one that {@link #mount} made a root filesystem for. */
  public void watch(String name, DiskLimits most) {
    disk.watch(
        name,
        new DiskWatch.Limit(
            List.of(folders.writable().resolve(name)), roots.placeOf(name), most, false));
  }

  /** What it has on the disk, as last measured. */
  public long diskBytes(String name) {
    return disk.bytes(name);
  }

  /** Which limit of the disk it has exceeded: measured now, unless it was found before. */
  public DiskLimits.Excess excess(String name) throws IOException {
    return disk.measured(name);
  }

  /** Processes of it that the kernel killed for memory. */
  public long oomKills(String name) throws IOException {
    return cgroups.usage(name).oomKills();
  }

  /** Kills everything in it. */
  public void kill(String name) throws IOException {
    cgroups.kill(name);
  }

  /** Frees what a container has, whatever is left of it, but its mounted root filesystem. */
  public void clearContainer(String name) throws IOException {
    cgroups.kill(name);
    runtime.delete(name);
    Folders.delete(folders.etc().resolve(name));
    Folders.delete(folders.bundles().resolve(name));
    Files.deleteIfExists(folders.socketLink(name));
    cgroups.removeWhenEmpty(name);
    disk.forget(name);
  }

  /** Removes a root filesystem and what was written to it; absent ones are a success. */
  public void unmount(String name) throws IOException {
    roots.clear(name);
    Folders.delete(folders.writable().resolve(name));
  }

  /** Frees everything of a container but its log and its place; absent things are a success. */
  public void clearAll(String name) throws IOException {
    clearContainer(name);
    roots.clear(name);
    Files.deleteIfExists(folders.exits().resolve(name));
    Folders.delete(folders.writable().resolve(name));
  }

  /** A root filesystem without an image, for a moment; closing it removes it. */
  public Scratch scratch(String name, UidRange ids) throws IOException {
    Claims.Claim claim = claim(name);
    try {
      return new Scratch(this, name, mount(name, List.of(), ids), claim);
    } catch (IOException | RuntimeException | Error failed) {
      try (claim) {
        unmount(name);
      } catch (IOException left) {
        failed.addSuppressed(left);
      }
      throw failed;
    }
  }

  /** See {@link ContainerHost#scratch}. */
  public record Scratch(ContainerHost host, String name, RootFilesystem root, Claims.Claim claim)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      try (claim) {
        host.unmount(name);
      }
    }
  }
}
