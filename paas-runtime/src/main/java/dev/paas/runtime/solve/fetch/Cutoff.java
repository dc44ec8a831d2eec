package dev.paas.runtime.solve.fetch;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ends a download when its time is over, whatever it waits for: a read has a time limit, but a
 * server that sends a byte now and then never reaches it.
 */
final class Cutoff implements AutoCloseable {

  private final CountDownLatch over = new CountDownLatch(1);
  private @Nullable Closeable connection;
  private boolean expired;

  Cutoff(Duration limit) {
    Thread watcher = new Thread(() -> watch(limit), "download-cutoff");
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch(Duration limit) {
    try {
      if (!over.await(limit.toNanos(), TimeUnit.NANOSECONDS)) {
        expire();
      }
    } catch (InterruptedException | IOException ended) {
      // Nobody interrupts it, and a connection that can't be closed is broken already.
      return;
    }
  }

  private synchronized void expire() throws IOException {
    expired = true;
    if (connection != null) {
      connection.close();
    }
  }

  /** From here on this is what is closed. */
  synchronized void covers(Closeable opened) throws IOException {
    connection = opened;
    if (expired) {
      opened.close();
    }
  }

  synchronized boolean isExpired() {
    return expired;
  }

  @Override
  public void close() {
    over.countDown();
  }
}
