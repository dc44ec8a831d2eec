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
