package dev.paas.runtime.linux.mount;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import dev.paas.runtime.linux.Descriptor;
import dev.paas.runtime.linux.file.RawPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Mounts: overlays, binds, idmapped clones (mount(2), open_tree(2), mount_setattr(2),
 * move_mount(2)).
 */
public final class Mounts {

  private static final int AT_FDCWD = -100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int OPEN_TREE_CLOEXEC = 0x80000;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final long MOUNT_ATTR_RDONLY = 1;
  private static final long MOUNT_ATTR_NOSUID = 2;
  private static final long MOUNT_ATTR_NODEV = 4;
  private static final long MOUNT_ATTR_IDMAP = 0x100000;
  private static final long MS_PRIVATE = 1 << 18;
  private static final long MS_NOSUID = 2;
  private static final long MS_NODEV = 4;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final Pattern ESCAPED = Pattern.compile("\\\\([0-7]{3})");

  /** mount(2) takes its options as one page. */
  private static final int MAX_OPTIONS = 4095;

  private Mounts() {}

  /** What a bind of a directory may do. */
  public enum Access {
    READ_ONLY,
    READ_WRITE
  }

  /**
   * Shows {@code source} at {@code target} with ids shifted by {@code users}: an id that is stored
   * as 0 appears as the first id of that namespace's range. No device nodes, and no program gets
   * more rights by its file.
   */
  public static void idmapped(Path source, Path target, UserNamespace users, Access access)
      throws IOException {
    int tree =
        checked(
            "open_tree " + source,
            CALLS.open_tree(AT_FDCWD, source.toString(), OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
    try (Descriptor detached = new Descriptor(tree)) {
      long set = MOUNT_ATTR_IDMAP | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV;
      if (access == Access.READ_ONLY) {
        set |= MOUNT_ATTR_RDONLY;
      }
      byte[] attributes =
          ByteBuffer.allocate(32)
              .order(ByteOrder.nativeOrder())
              .putLong(set)
              .putLong(0)
              .putLong(MS_PRIVATE)
              .putLong(users.descriptor().number())
              .array();
      checked(
          "mount_setattr " + source,
          CALLS.mount_setattr(detached.number(), "", AT_EMPTY_PATH, attributes, attributes.length));
      checked(
          "move_mount " + target,
          CALLS.move_mount(
              detached.number(), "", AT_FDCWD, target.toString(), MOVE_MOUNT_F_EMPTY_PATH));
    }
  }

  /** An overlay, nosuid and nodev; the first of {@code lowers} is the lowest. */
  public static void overlay(List<Path> lowers, Path upper, Path work, Path target)
      throws IOException {
    try (LowerLayers layers = LowerLayers.of(lowers)) {
      String options =
          layers.option() + ",upperdir=" + escaped(upper) + ",workdir=" + escaped(work);
      if (options.length() > MAX_OPTIONS) {
        throw new IOException("an overlay of " + lowers.size() + " layers has too long options");
      }
      checked(
          "mount overlay " + target,
          CALLS.mount("overlay", target.toString(), "overlay", MS_NOSUID | MS_NODEV, options));
    }
  }

  /** Takes the topmost mount at a path away; whoever still uses it keeps it until the end. */
  public static void unmount(Path target) throws IOException {
    checked("umount " + target, CALLS.umount2(target.toString(), MNT_DETACH | UMOUNT_NOFOLLOW));
  }

  /**
   * Every mount point in this process's namespace at or below a folder, as often as something is
   * mounted there, the newest first; none when the folder is absent.
   */
  public static List<Path> below(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    // proc_pid_mountinfo(5) names places as they are, whatever links lead to them.
    Path real = folder.toRealPath();
    List<Path> points = new ArrayList<>();
    for (String line : Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1)) {
      Path point = Path.of(point(line));
      if (point.startsWith(real)) {
        points.add(0, point);
      }
    }
    return points;
  }

  /** Takes away all that is mounted at or below a folder, whoever left it; nothing is a success. */
  public static void unmountBelow(Path folder) throws IOException {
    for (Path mounted : below(folder)) {
      unmount(mounted);
    }
  }

  /** Gives a file to a user and a group; a link itself, not its target. */
  public static void own(Path path, long uid, long gid) throws IOException {
    checked("lchown " + path, CALLS.lchown(path.toString(), (int) uid, (int) gid));
  }

  // Overlay splits its options at commas and colons.
  private static String escaped(Path path) {
    return path.toString().replace("\\", "\\\\").replace(":", "\\:").replace(",", "\\,");
  }

  /** The mount point in a line of mountinfo, where blanks and backslashes are octal. */
  static String point(String line) {
    String plain =
        ESCAPED
            .matcher(line.split(" ")[4])
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        Character.toString(Integer.parseInt(found.group(1), 8))));
    return RawPath.text(plain);
  }
}
