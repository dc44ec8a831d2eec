package dev.paas.runtime.linux;

import static dev.paas.runtime.linux.Kernel.CALLS;
import static dev.paas.runtime.linux.Kernel.checked;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A connection to a unix socket that keeps the borders of packets (SOCK_SEQPACKET, unix(7)). One
 * thread may receive while another sends; neither waits for longer than it says.
 */
public final class PacketSocket implements AutoCloseable {

  /** Longest path of a socket, in bytes (unix(7)). */
  private static final int MAX_PATH = 107;

  private static final int AF_UNIX = 1;
  private static final int SEQPACKET_CLOEXEC = 5 | 0x80000;
  private static final int MSG_DONTWAIT_NOSIGNAL = 0x40 | 0x4000;
  private static final int SHUT_RD = 0;
  private static final int SHUT_WR = 1;
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;
  private static final int POLLFD_BYTES = 8;

  private final Descriptor socket;

  /** Held for reading by whoever uses the descriptor: its number must not become another's. */
  private final ReadWriteLock use = new ReentrantReadWriteLock();

  private volatile boolean closed;

  private PacketSocket(Descriptor socket) {
    this.socket = socket;
  }

  /** Connects to a socket that somebody listens at; whether it was accepted yet does not show. */
  public static PacketSocket connect(Path path) throws IOException {
    byte[] name = path.toString().getBytes(UTF_8);
    if (name.length > MAX_PATH) {
      throw new IOException("the path of a socket is too long: " + path);
    }
    byte[] address =
        ByteBuffer.allocate(2 + name.length + 1)
            .order(ByteOrder.nativeOrder())
            .putShort((short) AF_UNIX)
            .put(name)
            .array();
    Descriptor socket =
        new Descriptor(checked("socket", CALLS.socket(AF_UNIX, SEQPACKET_CLOEXEC, 0)));
    try {
      checked("connect " + path, CALLS.connect(socket.number(), address, address.length));
    } catch (IOException failed) {
      socket.close();
      throw failed;
    }
    return new PacketSocket(socket);
  }

  /**
   * Receives a packet; what is longer than {@code into} is cut.
   *
   * @param millis how long to wait for one
   * @return its length; 0: there will be no more; -1: none has come
   */
  public int receive(byte[] into, int millis) throws IOException {
    use.readLock().lock();
    try {
      if (closed) {
        return 0;
      }
      if (!await(POLLIN, millis)) {
        return -1;
      }
      return (int)
          answer("recv", CALLS.recv(socket.number(), into, into.length, MSG_DONTWAIT_NOSIGNAL));
    } finally {
      use.readLock().unlock();
    }
  }

  /**
   * Sends a packet.
   *
   * @param millis how long to wait for room
   * @return whether it was sent; not when there was no room
   * @throws KernelException when the other side takes no more
   */
  public boolean send(byte[] packet, int millis) throws IOException {
    use.readLock().lock();
    try {
      if (closed) {
        throw new IOException("the socket is closed");
      }
      return await(POLLOUT, millis)
          && answer(
                  "send", CALLS.send(socket.number(), packet, packet.length, MSG_DONTWAIT_NOSIGNAL))
              >= 0;
    } finally {
      use.readLock().unlock();
    }
  }

  /** Tells the other side that no more comes; it may go on sending. */
  public void endSending() {
    shutdown(SHUT_WR);
  }

  /** From now on what the other side sends is refused; what has come can be received. */
  public void endReceiving() {
    shutdown(SHUT_RD);
  }

  private void shutdown(int how) {
    use.readLock().lock();
    try {
      if (!closed) {
        CALLS.shutdown(socket.number(), how);
      }
    } finally {
      use.readLock().unlock();
    }
  }

  private boolean await(short event, int millis) throws IOException {
    byte[] wanted = new byte[POLLFD_BYTES];
    ByteBuffer.wrap(wanted).order(ByteOrder.nativeOrder()).putInt(socket.number()).putShort(event);
    return answer("poll", CALLS.poll(wanted, 1, millis)) > 0;
  }

  /** -1 for what may be tried again. */
  private static long answer(String call, long answer) throws IOException {
    try {
      return checked(call, answer);
    } catch (KernelException failed) {
      if (failed.errno() == KernelException.EAGAIN || failed.errno() == KernelException.EINTR) {
        return -1;
      }
      throw failed;
    }
  }

  @Override
  public void close() {
    endSending();
    endReceiving();
    use.writeLock().lock();
    try {
      closed = true;
      socket.close();
    } finally {
      use.writeLock().unlock();
    }
  }
}
