package dev.paas.router.log;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JSON line a request. Lines gather until there are enough for one system call, or a tenth of a
 * second has passed; a thread of its own writes them, so that requests never wait for the disk.
 * Lines for which the disk is too slow, or that it does not take, are lost, and their number is
 * logged in their place. Not synced to disk: a crash may lose the last lines.
 */
public final class AccessLog implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

  /** Bytes that may wait: some 7000 lines. */
  static final int CAPACITY = 2 << 20;

  /** Bytes that are not kept waiting for more: a write of so many costs little but the copying. */
  private static final int BATCH = 64 << 10;

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

  /** Entries that could not be written since it last worked. Of the writer, as the next. */
  private long lost;

  private boolean failing;

  /**
   * @param out takes all the lines of a write or none; closed when the log has ended
   */
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

  /** Never waits for the disk. */
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
    try (out) {
      byte[] spare = new byte[FIRST_SIZE];
      while (true) {
        byte[] batch;
        int size;
        long missing;
        lock.lock();
        try {
          awaitBatch();
          if (length == 0) {
            return;
          }
          missing = dropped;
          dropped = 0;
          if (missing > 0) {
            append(dropped(missing));
          }
          batch = waiting;
          size = length;
          waiting = spare;
          length = 0;
        } finally {
          lock.unlock();
        }
        write(batch, size, missing);
        // What a slow disk made grow is not kept.
        spare = batch.length == FIRST_SIZE ? batch : new byte[FIRST_SIZE];
      }
    } catch (IOException notClosed) {
      log.atWarn().addKeyValue("why", notClosed).log("the access log was not closed");
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

  private static JsonLine dropped(long entries) {
    return new JsonLine().number("dropped_entries", entries).end();
  }

  /**
   * @param missing of how many entries the last line of the batch tells; 0: it is an entry itself
   */
  private void write(byte[] batch, int size, long missing) {
    try {
      if (lost == 0) {
        out.write(batch, 0, size);
      } else {
        writeAfterLost(batch, size);
      }
    } catch (IOException | RuntimeException | Error unwritable) { // or no line is written again
      lost += lines(batch, size) + Math.max(0, missing - 1);
      if (!failing) {
        failing = true;
        log.atWarn()
            .addKeyValue("file", out)
            .addKeyValue("why", unwritable)
            .log("the access log can't be written; its lines are counted until it can");
      }
      return;
    }
    if (failing) {
      failing = false;
      log.atWarn().addKeyValue("lost", lost).log("the access log is written again");
    }
    lost = 0;
  }

  /** Their number and the next lines in one write: room for the number alone would tell nothing. */
  private void writeAfterLost(byte[] batch, int size) throws IOException {
    JsonLine number = dropped(lost);
    byte[] lines = new byte[number.length() + size];
    number.copyTo(lines, 0);
    System.arraycopy(batch, 0, lines, number.length(), size);
    out.write(lines, 0, lines.length);
  }

  private static int lines(byte[] batch, int size) {
    int lines = 0;
    for (int i = 0; i < size; i++) {
      lines += batch[i] == '\n' ? 1 : 0;
    }
    return lines;
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
