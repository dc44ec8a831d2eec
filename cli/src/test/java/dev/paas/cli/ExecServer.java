package dev.paas.cli;

import dev.paas.cli.json.Json;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * Terminals of docs/api.md whose commands are programs of this host, one connection at a time.
 * There is no instance of the type {@code nosuch}.
 */
final class ExecServer implements Closeable {

  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final String NO_INSTANCE =
      "{\"problem\":{\"code\":\"terminal.no-instance\",\"what\":\"No such instance runs\",\"value\":\"nosuch\","
          + "\"fix\":\"See what runs with paas ps.\",\"status\":404}}";

  private final ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());

  ExecServer() throws IOException {
    Thread thread = new Thread(this::serve, "exec-server");
    thread.setDaemon(true);
    thread.start();
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private void serve() {
    while (!listening.isClosed()) {
      try (Socket socket = listening.accept()) {
        run(socket);
      } catch (Exception over) {
        // A client that is gone, or the end of the test: its command says what it has got.
        Thread.currentThread().setName("exec-server after " + over.getClass().getSimpleName());
      }
    }
  }

  private static void run(Socket socket) throws Exception {
    DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    OutputStream out = socket.getOutputStream();
    Json asked = upgrade(in, out);
    if (asked.text("process").startsWith("nosuch")) {
      send(out, 3, NO_INSTANCE.getBytes(StandardCharsets.UTF_8));
      return;
    }
    List<String> command = asked.get("command").items().stream().map(Json::text).toList();
    Process process = new ProcessBuilder(command).start();
    Thread errors = begin(() -> copy(process.getErrorStream(), out, 2));
    Thread input = begin(() -> feed(in, process.getOutputStream()));
    if (!asked.flag("stdin")) {
      process.getOutputStream().close();
    }
    copy(process.getInputStream(), out, 1);
    errors.join();
    String exit = "{\"exit\":{\"code\":" + process.waitFor() + ",\"detail\":\"\"}}";
    send(out, 3, exit.getBytes(StandardCharsets.UTF_8));
    socket.shutdownOutput();
    input.join();
  }

  /** Makes a WebSocket of a connection; the client's first message. */
  static Json upgrade(DataInputStream in, OutputStream out) throws Exception {
    String key = "";
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.startsWith("Sec-WebSocket-Key: ")) {
        key = line.substring("Sec-WebSocket-Key: ".length());
      }
    }
    byte[] digest =
        MessageDigest.getInstance("SHA-1").digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
    out.write(
        ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: "
                + Base64.getEncoder().encodeToString(digest)
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    return Json.parse(new String(frame(in), StandardCharsets.UTF_8));
  }

  private static Thread begin(Runnable work) {
    Thread thread = new Thread(work, "exec-stream");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      line.append(c == '\r' ? "" : (char) c);
    }
    return line.toString();
  }

  /** The content of a masked frame (RFC 6455 §5.2). */
  static byte[] frame(DataInputStream in) throws IOException {
    in.readUnsignedByte();
    int length = in.readUnsignedByte() & 0x7F;
    length = length == 126 ? in.readUnsignedShort() : length;
    byte[] mask = in.readNBytes(4);
    byte[] content = in.readNBytes(length);
    for (int i = 0; i < content.length; i++) {
      content[i] ^= mask[i % 4];
    }
    return content;
  }

  private static void feed(DataInputStream in, OutputStream to) {
    try (to) {
      for (byte[] message = frame(in); message[0] == 0; message = frame(in)) {
        to.write(message, 1, message.length - 1);
        to.flush();
      }
    } catch (IOException over) {
      // The program reads no more, or the client is gone.
      return;
    }
  }

  private static void copy(InputStream from, OutputStream to, int channel) {
    byte[] part = new byte[8192];
    try {
      for (int n = from.read(part); n >= 0; n = from.read(part)) {
        send(to, channel, Arrays.copyOf(part, n));
      }
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }

  static void send(OutputStream to, int channel, byte[] content) throws IOException {
    byte[] frame = new byte[5 + content.length];
    frame[0] = (byte) 0x82;
    frame[1] = 126;
    frame[2] = (byte) ((content.length + 1) >> 8);
    frame[3] = (byte) (content.length + 1);
    frame[4] = (byte) channel;
    System.arraycopy(content, 0, frame, 5, content.length);
    synchronized (to) {
      to.write(frame);
      to.flush();
    }
  }
}
