package dev.paas.router.log;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lines in a file of a bounded size and in the {@value #OLDER} files before it: NAME is being
 * written, NAME.1 was before it, NAME.{@value #OLDER} is the oldest. Each write is whole lines, of
 * which all are in the file afterwards or none. Nothing is synced.
 *
 * <p>Several processes may write, as routers do while one replaces the other: each write holds the
 * file's lock (fcntl(2)) and then looks whether the file still has its name. If it has not, another
 * writer has rotated it, or an administrator has moved it away, and the file of that name is opened
 * or made. Since a lock ends with its process, a killed writer is in nobody's way; the line that it
 * wrote by half is ended before the next one begins.
 *
 * <p>A rotation, under the lock of the file that is full:
 *
 * <ol>
 *   <li>the first number without a file is looked for; when there is none, the last file will be
 *       replaced
 *   <li>each file below it is renamed to the next number, the highest first; a crash in between
 *       leaves one number without a file, where the next rotation ends
 *   <li>NAME is renamed to NAME.1; after a crash the next write makes NAME
 * </ol>
 *
 * For one thread.
 */
public final class RotatingFile extends OutputStream {

  private static final int OLDER = 7;

  /** What one system call writes at most: the JDK keeps a buffer of this size outside the heap. */
  private static final int PIECE = 128 << 10;

  private static final Set<OpenOption> OPTIONS = Set.of(READ, WRITE, CREATE, NOFOLLOW_LINKS);
  private static final FileAttribute<Set<PosixFilePermission>> MODE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"));

  private final Path path;
  private final long sizeOfOne;
  private @Nullable FileChannel channel;

  /** Device and inode of the open file. */
  private @Nullable Object key;

  /** Where the last write ended; -1: there was none to the open file. */
  private long end = -1;

  /**
   * Opens nothing yet.
   *
   * @param kept bytes of all files together; a single write may be an eighth of it at most
   */
  public RotatingFile(Path path, long kept) {
    this.path = path;
    this.sizeOfOne = kept / (OLDER + 1);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  /**
   * Appends whole lines.
   *
   * @throws IOException none of them is in the file
   */
  @Override
  public void write(byte[] lines, int from, int count) throws IOException {
    boolean written = false;
    while (!written) {
      written = written(ByteBuffer.wrap(lines, from, count));
    }
  }

  /** False: the open file has no longer the name, and the one that has it is to be opened. */
  private boolean written(ByteBuffer lines) throws IOException {
    boolean written = false;
    try {
      FileChannel file = open();
      FileLock lock = file.lock();
      try {
        written = isCurrent() && append(file, lines);
      } finally {
        lock.release();
      }
    } finally {
      if (!written) {
        close();
      }
    }
    return written;
  }

  private FileChannel open() throws IOException {
    FileChannel open = channel;
    while (open == null) {
      Object before = keyOfName();
      FileChannel opened = FileChannel.open(path, OPTIONS, MODE);
      boolean same = false;
      try {
        // The JDK does not tell the key of an open file: it is the one that had the name before and
        // after. A file that was made just now is opened again.
        same = before != null && before.equals(keyOfName());
      } finally {
        if (!same) {
          opened.close();
        }
      }
      if (same) {
        open = opened;
        channel = opened;
        key = before;
        end = -1;
      }
    }
    return open;
  }

  private boolean isCurrent() throws IOException {
    return Objects.equals(key, keyOfName());
  }

  private @Nullable Object keyOfName() throws IOException {
    try {
      var attributes = Files.readAttributes(path, BasicFileAttributes.class, NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()) {
        throw new FileSystemException(path.toString(), null, "not a regular file");
      }
      return attributes.fileKey();
    } catch (NoSuchFileException none) {
      return null;
    }
  }

  /** False: the file was full and has been rotated. */
  private boolean append(FileChannel file, ByteBuffer lines) throws IOException {
    long size = file.size();
    if (size != end && isTorn(file, size)) {
      size = put(file, size, ByteBuffer.wrap(new byte[] {'\n'}));
    }
    if (size > 0 && size + lines.remaining() > sizeOfOne) {
      rotate();
      return false;
    }
    end = put(file, size, lines);
    return true;
  }

  /** Whoever wrote last was killed meanwhile, or the host was. */
  private static boolean isTorn(FileChannel file, long size) throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    return size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n';
  }

  /** All of the bytes or none; returns where they end. */
  private static long put(FileChannel file, long from, ByteBuffer bytes) throws IOException {
    int limit = bytes.limit();
    long at = from;
    try {
      while (bytes.position() < limit) {
        bytes.limit(Math.min(limit, bytes.position() + PIECE));
        at += file.write(bytes, at);
      }
    } catch (IOException | RuntimeException | Error failed) {
      // In the middle of a line: the disk is full, for example, or memory for a buffer.
      file.truncate(from);
      throw failed;
    }
    return at;
  }

  private void rotate() throws IOException {
    int free = 1;
    while (free < OLDER && Files.exists(older(free), NOFOLLOW_LINKS)) {
      free++;
    }
    for (int number = free; number > 1; number--) {
      Files.move(older(number - 1), older(number), ATOMIC_MOVE);
    }
    Files.move(path, older(1), ATOMIC_MOVE);
  }

  private Path older(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  /** The next write opens the file again. */
  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    key = null;
    if (open != null) {
      open.close();
    }
  }

  /** Where it writes. */
  @Override
  public String toString() {
    return path.toString();
  }
}
