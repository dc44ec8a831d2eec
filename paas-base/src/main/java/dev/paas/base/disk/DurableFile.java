package dev.paas.base.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A small file that is replaced as a whole and survives a crash at any point.
 *
 * <ol>
 *   <li>write {@code NAME.tmp} beside it; a crash leaves the old content and a temporary file that
 *       the next write truncates
 *   <li>fsync it; a crash leaves the old content
 *   <li>rename it over the name; a crash leaves the old or the new content, never a part
 *   <li>fsync the directory; after this the new content survives a power cut
 * </ol>
 *
 * One writer a file: callers serialise their writes.
 */
public final class DurableFile {

  private final Path path;
  private final String mode;

  /** A file that its owner alone reads and writes (0600). */
  public DurableFile(Path path) {
    this(path, "rw-------");
  }

  /** A file with the permissions {@code mode}, e.g. {@code rw-r--r--}. */
  public DurableFile(Path path, String mode) {
    this.path = path;
    this.mode = mode;
  }

  public Path path() {
    return path;
  }

  /** The content, or nothing when the file was never written. */
  public Optional<byte[]> read() throws IOException {
    try {
      return Optional.of(Files.readAllBytes(path));
    } catch (NoSuchFileException never) {
      return Optional.empty();
    }
  }

  public Optional<String> readString() throws IOException {
    return read().map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  public void write(String content) throws IOException {
    write(content.getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces the content; when this returns, it survives a power cut. */
  public void write(byte[] content) throws IOException {
    Path temporary = path.resolveSibling(path.getFileName() + ".tmp");
    try (FileChannel file =
        FileChannel.open(
            temporary,
            Set.of(CREATE, WRITE, TRUNCATE_EXISTING),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
      // The umask may have taken bits away, and a left-over temporary file keeps the bits it had.
      Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString(mode));
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      file.force(true);
    }
    Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory(directory());
  }

  /** Removes the file; when this returns, its absence survives a power cut. */
  public void delete() throws IOException {
    if (Files.deleteIfExists(path)) {
      syncDirectory(directory());
    }
  }

  private Path directory() {
    return Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a directory");
  }

  /** Makes renames, creations and removals in a directory durable (fsync(2) of the directory). */
  public static void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }
}
