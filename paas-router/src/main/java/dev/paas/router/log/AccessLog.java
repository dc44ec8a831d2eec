package dev.paas.router.log;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One JSON line a request, written by a thread of its own. Requests never wait for it: when the
 * reader of the log is too slow, entries are dropped and their number is logged in their place. Not
 * synced to disk: a power cut may lose the last lines.
 */
public final class AccessLog implements AutoCloseable {

  /** Entries that may wait: about 4 MB. */
  private static final int CAPACITY = 8192;

  private static final int BUFFER = 32 << 10;
  private static final int CLOSE_SECONDS = 2;

  private final BlockingQueue<AccessEntry> queue = new ArrayBlockingQueue<>(CAPACITY);
  private final AtomicLong dropped = new AtomicLong();
  private final OutputStream out;
  private final Thread writer = new Thread(this::run, "access-log");
  private volatile boolean closing;

  public AccessLog(OutputStream out) {
    this.out = new BufferedOutputStream(out, BUFFER);
    writer.setDaemon(true);
  }

  public AccessLog start() {
    writer.start();
    return this;
  }

  /** Never blocks. */
  public void add(AccessEntry entry) {
    if (!queue.offer(entry)) {
      dropped.incrementAndGet();
    }
  }

  private void run() {
    while (!closing || !queue.isEmpty()) {
      try {
        AccessEntry entry = queue.poll();
        if (entry == null) {
          out.flush();
          entry = queue.poll(1, TimeUnit.SECONDS);
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
          line(new JsonLine().number("dropped_entries", lost).end());
        }
        if (entry != null) {
          line(entry.toJson());
        }
      } catch (IOException unwritable) {
        // Whoever reads the log has gone; serving goes on, and counting what nobody reads is idle.
        queue.clear();
      } catch (InterruptedException closed) {
        closing = true;
      }
    }
  }

  private void line(String json) throws IOException {
    out.write(json.getBytes(StandardCharsets.US_ASCII));
    out.write('\n');
  }

  /** Writes what waits, for at most two seconds. */
  @Override
  public void close() {
    closing = true;
    writer.interrupt();
    try {
      writer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      out.flush();
    } catch (IOException unwritable) {
      // Nobody reads it any more.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
