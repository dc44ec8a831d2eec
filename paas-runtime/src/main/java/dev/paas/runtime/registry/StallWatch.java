package dev.paas.runtime.registry;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Cuts a connection whose other end takes nothing: a write to a socket has no time limit of its
 * own, and whoever writes holds a place and a lease. A limit passes once or twice until it is
 * noticed.
 */
final class StallWatch implements AutoCloseable {

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicLong written = new AtomicLong();
  private volatile boolean expired;
  private volatile boolean refused;

  /**
   * @param cut makes writes fail that are under way
   */
  StallWatch(Duration limit, Runnable cut) {
    Thread watcher = new Thread(() -> watch(limit, cut), "registry-stall");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch(Duration limit, Runnable cut) {
    long seen = -1;
    try {
      while (!over.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        if (written.get() == seen) {
          expired = true;
          cut.run();
          return;
        }
        seen = written.get();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  boolean isExpired() {
    return expired;
  }

  /** Whether a write failed, rather than what it was to send. */
  boolean isRefused() {
    return refused;
  }

  /** What is written to the result counts as progress once it has been taken. */
  OutputStream over(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        boolean taken = false;
        try {
          out.write(bytes, offset, length);
          taken = true;
        } finally {
          refused |= !taken;
        }
        written.addAndGet(length);
      }
    };
  }

  @Override
  public void close() {
    over.countDown();
  }
}
