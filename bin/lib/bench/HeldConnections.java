import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Holds connections in one state of a request, from a hundred addresses of loopback: PORT HOST STATE COUNT. Whichever the
 * other end closes is opened again, at most so many a second. Prints {@code ready} when all are open, or after a while;
 * ends with its standard input.
 */
final class HeldConnections {
  private static final int ADDRESSES = 100;
  private static final int OPENING = 128;
  private static final int REOPENED_A_SECOND = 500;
  private static final long READY_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final int WAIT_MILLIS = 10;
  private static final String FIELDS = "X-Filler: " + "a".repeat(1500) + "\r\n";

  private final InetSocketAddress proxy;
  private final byte[] request;
  private final boolean reads;
  private final boolean awaitsAnswer;
  private final int count;
  private final Selector selector = Selector.open();
  private final ByteBuffer part = ByteBuffer.allocateDirect(16 << 10);
  private int opened;
  private int opening;
  private int held;
  private boolean ready;

  private HeldConnections(int port, String host, String state, int count) throws IOException {
    this.proxy = new InetSocketAddress("127.0.0.1", port);
    this.request = request(state, host).getBytes(StandardCharsets.US_ASCII);
    this.reads = !state.equals("unread");
    this.awaitsAnswer = state.equals("tunnel");
    this.count = count;
  }

  private static String request(String state, String host) {
    String fields = " HTTP/1.1\r\nHost: " + host + "\r\n" + FIELDS;
    return switch (state) {
      case "begun" -> "GET /wait" + fields;
      case "whole" -> "GET /wait" + fields + "\r\n";
      case "body" -> "POST /wait" + fields + "Content-Length: 100000\r\n\r\n";
      case "unread" -> "GET /large" + fields + "\r\n";
      case "tunnel" -> "GET /" + fields + "Connection: Upgrade\r\nUpgrade: silence\r\n\r\n";
      default -> throw new IllegalArgumentException(state);
    };
  }

  public static void main(String[] arguments) throws Exception {
    new HeldConnections(
            Integer.parseInt(arguments[0]), arguments[1], arguments[2], Integer.parseInt(arguments[3]))
        .run();
  }

  private void run() throws IOException {
    long begun = System.nanoTime();
    long second = begun;
    int reopened = 0;
    while (System.in.available() == 0) {
      long now = System.nanoTime();
      if (now - second > TimeUnit.SECONDS.toNanos(1)) {
        second = now;
        reopened = 0;
      }
      while (opening < OPENING && held + opening < count && (opened < count || reopened < REOPENED_A_SECOND)) {
        reopened += opened < count ? 0 : 1;
        open();
      }
      selector.select(this::proceed, WAIT_MILLIS);
      if (!ready && (held == count || now - begun > READY_NANOS)) {
        ready = true;
        System.out.println("ready " + held);
      }
    }
  }

  private void open() throws IOException {
    SocketChannel channel = SocketChannel.open();
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    // A reset leaves no port behind that can't be used again for a minute.
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.bind(new InetSocketAddress("127.0.1." + (1 + opened % ADDRESSES), 0));
    opened++;
    opening++;
    channel.connect(proxy);
    channel.register(selector, SelectionKey.OP_CONNECT);
  }

  private void proceed(SelectionKey key) {
    SocketChannel channel = (SocketChannel) key.channel();
    boolean connecting = key.isConnectable();
    try {
      if (connecting) {
        channel.finishConnect();
        channel.write(ByteBuffer.wrap(request));
        key.interestOps(reads ? SelectionKey.OP_READ : 0);
        if (!awaitsAnswer) {
          hold(key);
        }
        return;
      }
      part.clear();
      if (channel.read(part) < 0) {
        lose(key);
      } else if (key.attachment() == null) {
        hold(key);
      }
    } catch (IOException closed) {
      lose(key);
    }
  }

  private void hold(SelectionKey key) {
    key.attach(Boolean.TRUE);
    opening--;
    held++;
  }

  private void lose(SelectionKey key) {
    if (key.attachment() == null) {
      opening--;
    } else {
      held--;
    }
    try {
      key.channel().close();
    } catch (IOException closed) {
      // So it is.
    }
  }
}
