package dev.paas.cli.run;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** The end of a pipe that another thread works at. */
final class Side {

  private final Thread thread;
  private volatile @Nullable Throwable failure;

  /** What is done there. */
  interface Work {
    void run() throws IOException;
  }

  /**
   * @param pipe is closed when the work is done or has failed, so that the other end hears of it
   */
  Side(String name, Work work, Closeable pipe) {
    thread =
        new Thread(
            () -> {
              try (pipe) {
                work.run();
              } catch (IOException | RuntimeException | Error failed) {
                failure = failed;
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Returns when it is done; what it failed with is thrown. */
  void await() throws IOException {
    try {
      thread.join();
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while files are copied");
    }
    Throwable failed = failure;
    if (failed instanceof IOException known) {
      throw known;
    }
    if (failed instanceof RuntimeException bug) {
      throw bug;
    }
    if (failed instanceof Error error) {
      throw error;
    }
  }
}
