package dev.paas.runtime.solve;

import dev.paas.runtime.linux.file.Directory;
import dev.paas.runtime.linux.file.FileStatus;
import dev.paas.runtime.linux.file.RawPath;
import dev.paas.runtime.rootfs.RootFilesystems;
import dev.paas.runtime.rootfs.UidRange;
import dev.paas.runtime.solve.copy.DestinationPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Makes a layer of an overlay's upper directory: ids as seen inside, no marks of overlay's own
 * bookkeeping, nothing that only was a place to mount on.
 */
final class UpperLayer {

  private static final String OVERLAY = "trusted.overlay.";
  private static final String OPAQUE = "trusted.overlay.opaque";
  private static final String CAPABILITY = "security.capability";

  /** linux/capability.h: revision 3 carries the id of the namespace's root, revision 2 does not. */
  private static final int CAPABILITY_3 = 0x03000000;

  private static final int CAPABILITY_2 = 0x02000000;
  private static final int CAPABILITY_REVISION = 0xff000000;
  private static final int CAPABILITY_2_LENGTH = 20;

  /** Places that the sandbox mounts on; what is below them is never the image's. */
  private static final List<String> PLATFORM_PLACES = List.of("dev", "proc", "sys", "run/paas");

  /** As the folder is where a step has changed nothing about it. */
  private static final int ETC_MODE = 0755;

  private final UidRange ids;

  private UpperLayer(UidRange ids) {
    this.ids = ids;
  }

  /**
   * @param view the root filesystem below
   * @param mounted where something was mounted: what was made for that goes again
   */
  static void normalise(Path upper, UidRange ids, Directory view, List<String> mounted)
      throws IOException {
    try (Directory root = Directory.open(upper)) {
      for (String place : PLATFORM_PLACES) {
        Optional<Directory> parent = root.findBeneath(RawPath.parent(place));
        if (parent.isPresent()) {
          try (Directory in = parent.get()) {
            in.removeTree(RawPath.name(place));
          }
        }
      }
      removeIfEmpty(root, "run");
      removeGenerated(root, ids);
      for (String target : mounted) {
        String place = DestinationPath.clean(RawPath.of(target));
        removeIfEmptyFile(root, view, place);
        while (!place.isEmpty() && view.resolveInRoot(place).isEmpty()) {
          removeIfEmpty(root, place);
          place = RawPath.parent(place);
        }
      }
      new UpperLayer(ids).directory(root);
      root.setOwner(".", 0, 0);
    }
  }

  // What the step did to them is no matter: no process ever sees a layer's own.
  private static void removeGenerated(Directory root, UidRange ids) throws IOException {
    Optional<FileStatus> etc = root.status("etc");
    if (etc.isEmpty() || !etc.get().isDirectory()) {
      return;
    }
    try (Directory in = root.openBeneath("etc")) {
      for (String file : RootFilesystems.GENERATED) {
        in.removeTree(RawPath.name(file));
      }
    }
    boolean replaced = root.attributeNames("etc").contains(OPAQUE);
    if (!replaced
        && etc.get().permissions() == ETC_MODE
        && Integer.toUnsignedLong(etc.get().uid()) == ids.first()
        && Integer.toUnsignedLong(etc.get().gid()) == ids.first()) {
      removeIfEmpty(root, "etc");
    }
  }

  /** What a file was mounted on. */
  private static void removeIfEmptyFile(Directory root, Directory view, String path)
      throws IOException {
    Optional<FileStatus> status = path.isEmpty() ? Optional.empty() : root.statusBeneath(path);
    if (status.isPresent()
        && status.get().isRegular()
        && status.get().size() == 0
        && view.resolveInRoot(path).isEmpty()) {
      try (Directory parent = root.openBeneath(RawPath.parent(path))) {
        parent.remove(RawPath.name(path));
      }
    }
  }

  private static void removeIfEmpty(Directory root, String path) throws IOException {
    Optional<Directory> found = root.findBeneath(path);
    if (found.isPresent()) {
      boolean empty;
      try (Directory directory = found.get()) {
        empty = directory.isEmpty();
      }
      if (empty) {
        try (Directory parent = root.openBeneath(RawPath.parent(path))) {
          parent.removeDirectory(RawPath.name(path));
        }
      }
    }
  }

  private void directory(Directory directory) throws IOException {
    directory.each(
        entry -> {
          String name = entry.name();
          FileStatus status =
              directory.status(name).orElseThrow(() -> new IOException("upper changed: " + name));
          if (!status.isWhiteout()) {
            file(directory, name, status);
            if (status.isDirectory()) {
              try (Directory inside = directory.openBeneath(name)) {
                directory(inside);
              }
            }
          }
          return true;
        });
  }

  private void file(Directory directory, String name, FileStatus status) throws IOException {
    Optional<byte[]> capability = Optional.empty();
    for (String attribute : directory.attributeNames(name)) {
      if (attribute.startsWith(OVERLAY) && !attribute.equals(OPAQUE)) {
        directory.removeAttribute(name, attribute);
      }
      if (attribute.equals(CAPABILITY)) {
        capability = directory.attribute(name, CAPABILITY);
      }
    }
    directory.setOwner(name, inside(status.uid()), inside(status.gid()));
    if (!status.isSymlink()) {
      // chown has cleared setuid, setgid and capabilities.
      directory.setMode(name, status.permissions());
      if (capability.isPresent()) {
        directory.setAttribute(name, CAPABILITY, withoutRoot(capability.get()));
      }
    }
  }

  /** A file with two names is met twice, so an id that is inside already stays. */
  private int inside(int id) {
    long host = Integer.toUnsignedLong(id);
    return host < UidRange.SIZE ? id : ids.inside(host);
  }

  static byte[] withoutRoot(byte[] capability) {
    ByteBuffer b = ByteBuffer.wrap(capability.clone()).order(ByteOrder.LITTLE_ENDIAN);
    int magic = b.getInt(0);
    if ((magic & CAPABILITY_REVISION) != CAPABILITY_3) {
      return capability;
    }
    b.putInt(0, (magic & ~CAPABILITY_REVISION) | CAPABILITY_2);
    return Arrays.copyOf(b.array(), CAPABILITY_2_LENGTH);
  }
}
