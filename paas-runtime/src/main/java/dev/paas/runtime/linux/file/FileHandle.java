package dev.paas.runtime.linux.file;

import static dev.paas.runtime.linux.file.FileLibrary.C;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** An open file: a descriptor that is closed with this object. */
public final class FileHandle implements AutoCloseable {

  private static final int SYNC_FILE_RANGE_WRITE = 2;

  private final int fd;
  private final String name;
  private boolean closed;

  FileHandle(int fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  int fd() {
    return fd;
  }

  /** Reads up to {@code buffer.length} bytes; -1 at the end. */
  public int read(byte[] buffer) throws IOException {
    long n = Directory.retried("read", name, () -> C.read(fd, buffer, buffer.length));
    return n == 0 ? -1 : (int) n;
  }

  /** Writes all of {@code length} bytes from the start of the buffer. */
  public void write(byte[] buffer, int length) throws IOException {
    int done = 0;
    while (done < length) {
      byte[] rest = done == 0 ? buffer : Arrays.copyOfRange(buffer, done, length);
      int wanted = length - done;
      done += (int) Directory.retried("write", name, () -> C.write(fd, rest, wanted));
    }
  }

  public void setOwner(int uid, int gid) throws IOException {
    Directory.check("fchown", name, C.fchown(fd, uid, gid));
  }

  public void setMode(int mode) throws IOException {
    Directory.check("fchmod", name, C.fchmod(fd, mode));
  }

  /** Asks the kernel to begin writing the file to disk; waits for nothing. */
  public void startWriting() throws IOException {
    Directory.check("sync_file_range", name, C.sync_file_range(fd, 0, 0, SYNC_FILE_RANGE_WRITE));
  }

  /** fsync(2). */
  public void sync() throws IOException {
    Directory.check("fsync", name, C.fsync(fd));
  }

  /** Appends {@code bytes} bytes of another file, from its present position, within the kernel. */
  public void copyFrom(FileHandle source, long bytes) throws IOException {
    long left = bytes;
    boolean inKernel = true;
    byte[] buffer = new byte[0];
    while (left > 0) {
      if (inKernel) {
        long n = C.copy_file_range(source.fd, NOWHERE, fd, NOWHERE, left, 0);
        if (n > 0) {
          left -= n;
          continue;
        }
        inKernel = false;
        buffer = new byte[1 << 16];
      }
      int n = source.read(buffer);
      if (n < 0) {
        throw new IOException("file shrank while it was copied: " + RawPath.text(name));
      }
      write(buffer, n);
      left -= n;
    }
  }

  @SuppressWarnings("NullAway") // a C NULL: "use the file's own position"
  private static final byte[] NOWHERE = null;

  /** The rest of the file as a stream; closing the stream closes the file. */
  public InputStream stream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return FileHandle.this.read(one) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
          return 0; // whoever has filled a buffer asks for no more, and -1 would be the end
        }
        if (offset == 0 && length == target.length) {
          return FileHandle.this.read(target);
        }
        byte[] buffer = new byte[Math.min(length, 1 << 16)];
        int n = FileHandle.this.read(buffer);
        if (n > 0) {
          System.arraycopy(buffer, 0, target, offset, n);
        }
        return n;
      }

      @Override
      public void close() {
        FileHandle.this.close();
      }
    };
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      int ignored = C.close(fd);
    }
  }
}
