package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads a file of a root filesystem as a process in it would see it: links, absolute ones too, end
 * inside (openat2(2) with RESOLVE_IN_ROOT).
 */
public final class RootedFile {

  private static final long OPENAT2 = 437;
  private static final long O_PATH_DIRECTORY_CLOEXEC = 0x200000 | 0x10000 | 0x80000;
  private static final long O_PATH_CLOEXEC = 0x200000 | 0x80000;
  private static final long O_RDONLY_NONBLOCK_CLOEXEC = 0x800 | 0x80000;
  private static final long RESOLVE_NO_MAGICLINKS = 0x02;
  private static final long RESOLVE_IN_ROOT = 0x10;

  private RootedFile() {}

  /** Whether a path leads to a regular file. */
  public static boolean exists(Path root, String path) throws IOException {
    try (Descriptor top = top(root)) {
      long opened = open(top, path, O_PATH_CLOEXEC);
      if (opened < 0) {
        return false;
      }
      try (Descriptor file = new Descriptor((int) opened)) {
        return Files.isRegularFile(Path.of(file.path()));
      }
    }
  }

  /**
   * A regular file's content; nothing when there is no such file or it is longer than {@code max}.
   */
  public static Optional<byte[]> read(Path root, String path, int max) throws IOException {
    try (Descriptor top = top(root)) {
      long opened = open(top, path, O_RDONLY_NONBLOCK_CLOEXEC);
      if (opened < 0) {
        return Optional.empty();
      }
      try (Descriptor file = new Descriptor((int) opened)) {
        Path open = Path.of(file.path());
        if (!Files.isRegularFile(open) || Files.size(open) > max) {
          return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(open)) {
          return Optional.of(in.readNBytes(max));
        }
      }
    }
  }

  private static Descriptor top(Path root) throws IOException {
    return new Descriptor(
        checked("open " + root, CALLS.open(root.toString(), (int) O_PATH_DIRECTORY_CLOEXEC)));
  }

  /** A descriptor, or a negative number. */
  private static long open(Descriptor top, String path, long flags) {
    byte[] how =
        ByteBuffer.allocate(24)
            .order(ByteOrder.nativeOrder())
            .putLong(flags)
            .putLong(0)
            .putLong(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)
            .array();
    return CALLS.syscall(OPENAT2, top.number(), path, how, how.length);
  }
}
