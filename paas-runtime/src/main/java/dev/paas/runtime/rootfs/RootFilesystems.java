package dev.paas.runtime.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.paas.runtime.linux.file.Folders;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.linux.mount.UserNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Mounts root filesystems. Above an image's layers lies the init layer: real directories and files
 * at the places where mounts go ({@code /dev /proc /sys /etc/resolv.conf …}), so that a symbolic
 * link in an image can't lead a mount elsewhere.
 */
public final class RootFilesystems implements AutoCloseable {

  /** Where a sandbox finds what the platform gives it. */
  public static final String PLATFORM_FOLDER = "/run/paas";

  private static final List<String> INIT_FOLDERS =
      List.of("dev", "proc", "sys", "etc", "run", "run/paas");

  /** What the platform says about a container's network: never a part of a layer. */
  public static final List<String> GENERATED =
      List.of("etc/resolv.conf", "etc/hosts", "etc/hostname");

  private static final List<String> INIT_FILES =
      Stream.concat(
              GENERATED.stream(),
              Stream.of(
                  "run/paas/init",
                  "run/paas/ca.crt",
                  "run/paas/ca.jks",
                  "run/paas/wgetrc",
                  "run/paas/apt.conf"))
          .toList();

  private final Path mounts;
  private final Path staging;
  private final Path initLayer;
  private final Map<UidRange, UserNamespace> namespaces = new ConcurrentHashMap<>();

  /**
   * @param run a folder on tmpfs that every user may search (0711): mount points live in it
   * @param data a folder on a disk: the init layer is in it, whose ids must be shifted, and tmpfs
   *     can do that only from Linux 6.3 on
   */
  public RootFilesystems(Path run, Path data) throws IOException {
    this.mounts = folder(run.resolve("roots"), "rwx--x--x");
    this.staging = folder(run.resolve("layers"), "rwx--x--x");
    this.initLayer = folder(data.resolve("init-layer"), "rwxr-xr-x");
    for (String name : INIT_FOLDERS) {
      folder(initLayer.resolve(name), "rwxr-xr-x");
    }
    for (String name : INIT_FILES) {
      Path file = initLayer.resolve(name);
      if (!Files.exists(file)) {
        Files.write(file, "".getBytes(UTF_8));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
      }
    }
  }

  /**
   * Mounts a root filesystem.
   *
   * @param name unique on this platform; becomes the mount point's name
   * @param layers directories with ids as seen inside, lowest first
   * @param writable an existing folder on a disk; {@code upper} and {@code work} are made in it
   */
  public RootFilesystem mount(String name, List<Path> layers, Path writable, UidRange ids)
      throws IOException {
    Path upper = writable.resolve("upper");
    Path work = writable.resolve("work");
    for (Path made : List.of(upper, work)) {
      folder(made, "rwxr-xr-x");
      Mounts.own(made, ids.first(), ids.first());
    }
    Path target = folder(mounts.resolve(name), "rwx--x--x");
    Path stage = folder(staging.resolve(name), "rwx------");
    List<Path> lowers = new ArrayList<>();
    try {
      List<Path> all = new ArrayList<>(layers);
      all.add(initLayer);
      for (Path layer : all) {
        Path place = folder(stage.resolve(Integer.toString(lowers.size())), "rwx------");
        Mounts.idmapped(layer, place, namespace(ids), Mounts.Access.READ_ONLY);
        lowers.add(place);
      }
      Mounts.overlay(lowers, upper, work, target);
    } finally {
      // The overlay holds what it needs; the places are only for its options.
      clearStage(stage);
    }
    return new RootFilesystem(target, upper, ids);
  }

  /** Shows a folder at a new place with a range's ids, writable: caches of builds. */
  public Path share(String name, Path source, UidRange ids) throws IOException {
    Path place = folder(mounts.resolve(name), "rwx--x--x");
    Mounts.idmapped(source, place, namespace(ids), Mounts.Access.READ_WRITE);
    return place;
  }

  /** Where a root filesystem of this name is, or would be. */
  public Path placeOf(String name) {
    return mounts.resolve(name);
  }

  /** The names of all that is mounted, whole or in part, in use or left over. */
  public Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    for (Path folder : List.of(mounts, staging)) {
      try (var all = Files.list(folder)) {
        all.forEach(path -> names.add(path.getFileName().toString()));
      }
    }
    return names;
  }

  /** Unmounts what carries a name, also what a killed daemon was mounting; absent: a success. */
  public void clear(String name) throws IOException {
    unmount(placeOf(name));
    clearStage(staging.resolve(name));
  }

  private static void clearStage(Path stage) throws IOException {
    Mounts.unmountBelow(stage);
    Folders.delete(stage);
  }

  /** Unmounts whatever is at a mount point and removes it; an absent one is a success. */
  public static void unmount(Path target) throws IOException {
    Mounts.unmountBelow(target);
    Files.deleteIfExists(target);
  }

  /** The user namespace of all that runs with these ids. */
  public Path namespaceOf(UidRange ids) throws IOException {
    return namespace(ids).path();
  }

  private UserNamespace namespace(UidRange ids) throws IOException {
    UserNamespace known = namespaces.get(ids);
    if (known != null) {
      return known;
    }
    UserNamespace made = UserNamespace.mapping(ids.first(), UidRange.SIZE);
    UserNamespace winner = namespaces.putIfAbsent(ids, made);
    if (winner != null) {
      made.close();
      return winner;
    }
    return made;
  }

  private static Path folder(Path path, String mode) throws IOException {
    return Folders.create(path, mode);
  }

  @Override
  public void close() {
    namespaces.values().forEach(UserNamespace::close);
    namespaces.clear();
  }
}
