package dev.paas.cli.image;

import dev.paas.cli.command.Session;
import dev.paas.cli.command.UsageException;
import dev.paas.cli.terminal.ProgressLine;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Files that are sent to the platform. */
public final class Archives {

  private Archives() {}

  /**
   * Opens a file, or standard input.
   *
   * @param file a path; {@code -} for standard input, which is all there is at the end of an ssh
   * @param progress is told how much has been read, where a person looks at it
   */
  public static InputStream open(Session session, String file, ProgressLine progress)
      throws IOException {
    if (file.equals("-") || !session.local()) {
      return counted(session, session.terminal().in(), 0, progress);
    }
    try {
      Path path = Path.of(file);
      return counted(session, Files.newInputStream(path), Files.size(path), progress);
    } catch (IOException | InvalidPathException unreadable) {
      throw new UsageException("Can't read " + file, "Name a file, or - for standard input.");
    }
  }

  /**
   * What is sent, with the progress that a person sees.
   *
   * @param size in bytes, 0 when it is not known
   */
  public static InputStream counted(
      Session session, InputStream in, long size, ProgressLine progress) {
    return session.terminal().interactive() ? new Counted(in, size, progress) : in;
  }

  private static final class Counted extends FilterInputStream {
    private final long size;
    private final ProgressLine progress;
    private long count;

    Counted(InputStream in, long size, ProgressLine progress) {
      super(in);
      this.size = size;
      this.progress = progress;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int n = super.read(target, offset, length);
      count += Math.max(n, 0);
      progress.show(n < 0 ? "unpacking" : "sending", count, size);
      return n;
    }
  }
}
