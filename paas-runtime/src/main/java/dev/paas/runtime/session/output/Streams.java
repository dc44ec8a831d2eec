package dev.paas.runtime.session.output;

import com.google.protobuf.ByteString;
import dev.paas.base.time.Ticker;
import dev.paas.runtime.linux.PacketSocket;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one connection of this daemon to a session's monitor. What is written goes to the command;
 * what the command prints comes to whoever takes the output first, from the first byte on, and
 * holds the command back. All others read the log.
 */
public final class Streams implements AutoCloseable {

  /** A packet of the monitor's is 8 KiB and a byte at most. */
  private static final int PACKET = 16 << 10;

  /** The monitor reads 32 KiB at once and cuts what is longer. */
  private static final int CHUNK = 8 << 10;

  /** How soon whoever waits here sees that nobody waits for them any more. */
  private static final int LOOK_MILLIS = 250;

  private static final byte STDERR = 3;

  private final PacketSocket socket;
  private final AtomicBoolean taken = new AtomicBoolean();
  private final AtomicLong received = new AtomicLong();
  private final AtomicLong seen = new AtomicLong(-1);
  private final AtomicLong seenAtNanos = new AtomicLong();
  private final ReentrantLock writing = new ReentrantLock();

  private Streams(PacketSocket socket) {
    this.socket = socket;
  }

  public static Streams connect(Path socket) throws IOException {
    return new Streams(PacketSocket.connect(socket));
  }

  /** Whether the caller may read the output; one caller may. */
  public boolean takeOutput() {
    return taken.compareAndSet(false, true);
  }

  /** Nobody reads the output here from now on: the command waits for nobody. */
  public void dropOutput() {
    taken.set(true);
    socket.endReceiving();
  }

  /** The same, unless somebody reads it here or has done so. */
  public void dropUnlessTaken() {
    if (takeOutput()) {
      socket.endReceiving();
    }
  }

  /**
   * Lets whoever reads be if they have read within this time, or else reads no more: so that the
   * monitor of a command that has ended can say so.
   */
  public void dropWhenSlow(Ticker ticker, Duration patience) {
    long now = received.get();
    if (seen.getAndSet(now) != now) {
      seenAtNanos.set(ticker.nanos());
    } else if (ticker.since(seenAtNanos.get()).compareTo(patience) >= 0) {
      dropOutput();
    }
  }

  /**
   * Passes on what is printed until the end, or until it is dropped.
   *
   * @return how many bytes there were
   */
  public long follow(SessionSink sink) throws InterruptedException {
    byte[] packet = new byte[PACKET];
    long position = 0;
    try {
      while (true) {
        int length = receive(packet);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        if (length == 0) {
          return position;
        }
        if (length > 1) {
          received.incrementAndGet();
          position += length - 1;
          sink.output(ByteString.copyFrom(packet, 1, length - 1), packet[0] == STDERR, position);
        }
      }
    } finally {
      dropOutput();
    }
  }

  /** A monitor that was killed ends it, too. */
  private int receive(byte[] packet) {
    try {
      return socket.receive(packet, LOOK_MILLIS);
    } catch (IOException gone) {
      return 0;
    }
  }

  /** Returns when all was written, or the command reads no more. */
  public void write(ByteString data) throws InterruptedException {
    writing.lockInterruptibly();
    try {
      for (int at = 0; at < data.size(); at += CHUNK) {
        byte[] packet = data.substring(at, Math.min(at + CHUNK, data.size())).toByteArray();
        while (!socket.send(packet, LOOK_MILLIS)) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
        }
      }
    } catch (IOException ended) {
      throw (CancellationException) new CancellationException("no more input").initCause(ended);
    } finally {
      writing.unlock();
    }
  }

  /** What the command reads is its end; what it prints still comes. */
  public void endInput() throws InterruptedException {
    writing.lockInterruptibly();
    try {
      socket.endSending();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
