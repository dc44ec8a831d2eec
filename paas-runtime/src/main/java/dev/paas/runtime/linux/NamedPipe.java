package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A named pipe (fifo(7)) between this process and a helper. Opened for reading and writing at once,
 * so that neither side waits for the other to open it.
 */
public final class NamedPipe implements AutoCloseable {

  private static final int O_WRONLY_NONBLOCK_CLOEXEC = 0x1 | 0x800 | 0x80000;

  private final RandomAccessFile file;

  private NamedPipe(RandomAccessFile file) {
    this.file = file;
  }

  /** Makes a pipe that its owner alone uses. */
  public static NamedPipe create(Path path) throws IOException {
    checked("mkfifo " + path, CALLS.mkfifo(path.toString(), 0600));
    return open(path);
  }

  /** Opens a pipe that is there. */
  public static NamedPipe open(Path path) throws IOException {
    return new NamedPipe(new RandomAccessFile(path.toFile(), "rw"));
  }

  /**
   * Writes to a pipe that somebody reads, without waiting for that.
   *
   * @return whether it was written; not when nobody reads it or it is full
   */
  public static boolean offer(Path path, byte[] bytes) {
    int opened = CALLS.open(path.toString(), O_WRONLY_NONBLOCK_CLOEXEC);
    if (opened < 0) {
      return false;
    }
    try (Descriptor pipe = new Descriptor(opened)) {
      return CALLS.write(pipe.number(), bytes, bytes.length) == bytes.length;
    }
  }

  /** Waits for one byte. */
  public int read() throws IOException {
    return file.read();
  }

  public void write(byte[] bytes) throws IOException {
    file.write(bytes);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
