package dev.paas.cli.tar;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.jspecify.annotations.Nullable;

/**
 * Makes a tar of a file or a folder here, for an instance's tar to read: links as links, modes and
 * times as they are, no owners. Long names and large files are written as GNU tar and busybox both
 * read them.
 */
public final class TarPacker {

  private static final int BUFFER = 64 << 10;

  /** Nothing stands behind the end, so that nobody has to read it. */
  private static final int BLOCK = 512;

  private static final int FOLDER = 040000;
  private static final int FILE = 0100000;
  private static final int LINK = 0120000;

  /** No tree of files is as deep, unless it was made to be. */
  private static final int MOST_DEPTH = 1000;

  private final TarArchiveOutputStream tar;
  private final Consumer<String> told;
  private boolean complete = true;

  /**
   * @param told each thing that is left out, and why
   */
  public TarPacker(OutputStream to, Consumer<String> told) {
    this.tar = new TarArchiveOutputStream(to, BLOCK, StandardCharsets.UTF_8.name());
    this.told = told;
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
  }

  /** Whether nothing was left out. */
  public boolean isComplete() {
    return complete;
  }

  /**
   * Packs a file, a folder with all that is in it, or a link, and ends the tar.
   *
   * @param name what it is called in the tar
   */
  public void pack(Path from, String name) throws IOException {
    Files.walkFileTree(
        from, EnumSet.noneOf(FileVisitOption.class), MOST_DEPTH, new Walk(from, name));
    tar.finish();
    tar.flush();
  }

  private final class Walk extends SimpleFileVisitor<Path> {

    private final Path from;
    private final String name;

    Walk(Path from, String name) {
      this.from = from;
      this.name = name;
    }

    private String named(Path path) {
      return path.equals(from) ? name : name + "/" + from.relativize(path);
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes of)
        throws IOException {
      add(folder, named(folder) + "/", TarConstants.LF_DIR, FOLDER);
      tar.closeArchiveEntry();
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes of) throws IOException {
      if (of.isSymbolicLink()) {
        add(file, named(file), TarConstants.LF_SYMLINK, LINK);
        tar.closeArchiveEntry();
      } else if (of.isRegularFile()) {
        file(file, of.size());
      } else {
        leaveOut(file, of.isDirectory() ? "it is too deep" : "it is no file, folder or link");
      }
      return FileVisitResult.CONTINUE;
    }

    private void file(Path file, long size) throws IOException {
      InputStream content;
      try {
        content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
      } catch (IOException unreadable) {
        leaveOut(file, "it can't be read");
        return;
      }
      try (content) {
        TarArchiveEntry entry = entry(file, named(file), TarConstants.LF_NORMAL, FILE);
        entry.setSize(size);
        tar.putArchiveEntry(entry);
        if (!copy(content, size)) {
          leaveOut(file, "it became shorter while it was read; zeros follow");
        }
        tar.closeArchiveEntry();
      }
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failed) {
      leaveOut(file, "it can't be read");
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failed) {
      if (failed != null) {
        leaveOut(folder, "not all of it can be read");
      }
      return FileVisitResult.CONTINUE;
    }
  }

  private void add(Path path, String name, byte kind, int mode) throws IOException {
    tar.putArchiveEntry(entry(path, name, kind, mode));
  }

  private static TarArchiveEntry entry(Path path, String name, byte kind, int mode)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, kind, true);
    PosixFileAttributes of =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    entry.setMode(mode | bits(of.permissions()));
    entry.setUserName("");
    // To the second: a fraction would take a head of a form that busybox does not read.
    entry.setModTime(of.lastModifiedTime().to(TimeUnit.SECONDS) * 1000);
    if (kind == TarConstants.LF_SYMLINK) {
      entry.setLinkName(Files.readSymbolicLink(path).toString());
    }
    return entry;
  }

  /** As many bytes as were announced; false when there were fewer. */
  private boolean copy(InputStream content, long size) throws IOException {
    byte[] buffer = new byte[BUFFER];
    long left = size;
    while (left > 0) {
      int read = content.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        pad(left);
        return false;
      }
      tar.write(buffer, 0, read);
      left -= read;
    }
    return true;
  }

  private void pad(long count) throws IOException {
    byte[] zeros = new byte[BUFFER];
    for (long left = count; left > 0; left -= zeros.length) {
      tar.write(zeros, 0, (int) Math.min(left, zeros.length));
    }
  }

  private static int bits(Set<PosixFilePermission> permissions) {
    int mode = 0;
    String text = PosixFilePermissions.toString(permissions);
    for (int at = 0; at < text.length(); at++) {
      mode = mode << 1 | (text.charAt(at) == '-' ? 0 : 1);
    }
    return mode;
  }

  private void leaveOut(Path what, String why) {
    complete = false;
    told.accept("left out: " + what + ": " + why);
  }
}
