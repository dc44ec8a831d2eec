package dev.paas.runtime.doctor;

import dev.paas.base.settings.PlatformSettings;
import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.mount.Mounts;
import dev.paas.runtime.linux.mount.UserNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Mounts a root filesystem as an instance has it: an overlay above a layer with shifted ids. */
final class MountProbe {

  private static final int IDS = 65_536;
  private static final String PREFIX = "probe";

  private MountProbe() {}

  static String run(PlatformSettings settings) throws IOException {
    Path data = settings.platform().data().resolve("runtime");
    Path folder = Files.createTempDirectory(Files.createDirectories(data), PREFIX);
    try (UserNamespace users = UserNamespace.mapping(settings.runtime().uidBase(), IDS)) {
      Path layer = Files.createDirectory(folder.resolve("layer"));
      Path shown = Files.createDirectory(folder.resolve("shown"));
      Path upper = Files.createDirectory(folder.resolve("upper"));
      Path work = Files.createDirectory(folder.resolve("work"));
      Path root = Files.createDirectory(folder.resolve("root"));
      Files.createFile(layer.resolve("file"));
      Mounts.idmapped(layer, shown, users, Mounts.Access.READ_ONLY);
      Mounts.overlay(List.of(shown), upper, work, root);
      check(root.resolve("file"), settings.runtime().uidBase());
    } finally {
      delete(folder);
    }
    return "overlays of layers with shifted ids, on " + Files.getFileStore(data).type();
  }

  private static void check(Path file, long wanted) throws IOException {
    long owner = ((Integer) Files.getAttribute(file, "unix:uid")).longValue();
    if (owner != wanted) {
      throw new IOException("ids are not shifted: root's file belongs to " + owner);
    }
  }

  /** Removes what probes left that were killed. */
  static void clear(PlatformSettings settings) throws IOException {
    Path data = settings.platform().data().resolve("runtime");
    List<Path> left;
    try (Stream<Path> all = Files.list(data)) {
      left = all.filter(path -> String.valueOf(path.getFileName()).startsWith(PREFIX)).toList();
    }
    for (Path folder : left) {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    Mounts.unmountBelow(folder);
    try (Directory data = Directory.open(folder.resolveSibling(""))) {
      data.removeTree(String.valueOf(folder.getFileName()));
    }
  }
}
