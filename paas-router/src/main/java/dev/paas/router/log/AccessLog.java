package dev.paas.router.log;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One JSON line a request. Lines gather until there are enough for one system call, or a tenth of a
 * second has passed; a thread of its own writes them, so that requests never wait for the reader of
 * the log. When that reader is too slow, lines are dropped and their number is logged in their
 * place. Not synced to disk: a crash may lose the last lines.
 */
public final class AccessLog implements AutoCloseable {

  /** Bytes that may wait: some 7000 lines. */
  static final int CAPACITY = 2 << 20;

  /** Bytes that are not kept waiting for more; half of what a pipe takes. */
  private static final int BATCH = 32 << 10;

  private static final int FIRST_SIZE = 2 * BATCH;
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final int CLOSE_SECONDS = 2;

  private final OutputStream out;
  private final FailureFeed failures = new FailureFeed();
  private final Stamps stamps = new Stamps();
  private final Thread writer = new Thread(this::run, "access-log");
  private final ReentrantLock lock = new ReentrantLock();

  /** Something waits that did not before, a whole batch waits, or the log closes. */
  private final Condition due = lock.newCondition();

  private byte[] waiting = new byte[FIRST_SIZE];
  private int length;
  private long dropped;
  private boolean closing;

  public AccessLog(OutputStream out) {
    this.out = out;
    writer.setDaemon(true);
  }

  public AccessLog start() {
    writer.start();
    return this;
  }

  /** Those requests of the log that failed, for their apps' owners. */
  public FailureFeed failures() {
    return failures;
  }

  /** Never waits for the reader. */
  public void add(AccessEntry entry) {
    JsonLine line = entry.line(stamps);
    lock.lock();
    try {
      int before = length;
      boolean room = before + line.length() <= CAPACITY;
      if (room) {
        append(line);
      } else {
        dropped++;
      }
      // The writer is called twice a batch: to watch the time, and when there is enough.
      if (room && (before == 0 || (before < BATCH && length >= BATCH))) {
        due.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void append(JsonLine line) {
    int end = length + line.length();
    if (end > waiting.length) {
      waiting = Arrays.copyOf(waiting, Math.max(end, 2 * waiting.length));
    }
    line.copyTo(waiting, length);
    length = end;
  }

  private void run() {
    byte[] spare = new byte[FIRST_SIZE];
    while (true) {
      byte[] batch;
      int size;
      lock.lock();
      try {
        awaitBatch();
        if (length == 0) {
          return;
        }
        if (dropped > 0) {
          append(new JsonLine().number("dropped_entries", dropped).end());
          dropped = 0;
        }
        batch = waiting;
        size = length;
        waiting = spare;
        length = 0;
      } finally {
        lock.unlock();
      }
      write(batch, size);
      // What a slow reader made grow is not kept.
      spare = batch.length == FIRST_SIZE ? batch : new byte[FIRST_SIZE];
    }
  }

  /** Returns with a batch, or whatever there is when the log closes. Holds the lock. */
  private void awaitBatch() {
    while (length == 0 && !closing) {
      due.awaitUninterruptibly();
    }
    try {
      long left = LINGER_NANOS;
      while (length < BATCH && !closing && left > 0) {
        left = due.awaitNanos(left);
      }
    } catch (InterruptedException nobodyDoes) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(byte[] batch, int size) {
    try {
      out.write(batch, 0, size);
      out.flush();
    } catch (IOException unwritable) {
      // Whoever reads the log has gone; serving goes on.
    }
  }

  /** Writes what waits, for at most two seconds. */
  @Override
  public void close() {
    lock.lock();
    try {
      closing = true;
      due.signal();
    } finally {
      lock.unlock();
    }
    try {
      writer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
