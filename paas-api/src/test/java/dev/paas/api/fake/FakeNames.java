package dev.paas.api.fake;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A name server on the loopback address that knows what it is told (RFC 1035 §4). */
public final class FakeNames implements AutoCloseable {

  private static final int MAX_MESSAGE = 512;
  private static final int HEADER = 12;
  private static final Map<Integer, String> TYPES = Map.of(1, "A", 16, "TXT", 28, "AAAA");

  private final DatagramSocket socket;
  private final Map<String, List<String>> records = new ConcurrentHashMap<>();
  private final Set<String> silent = ConcurrentHashMap.newKeySet();
  private final Set<String> asked = ConcurrentHashMap.newKeySet();

  public FakeNames() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread server = new Thread(this::serve, "fake-names");
    server.setDaemon(true);
    server.start();
  }

  /** What to write into a setting. */
  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /** From now on the name has exactly these records of this type. */
  public void set(String name, String type, String... values) {
    records.put(key(name, type), List.of(values));
  }

  /** Questions about this name are not answered. */
  public void silence(String name) {
    silent.add(name);
  }

  /** Whether somebody has asked for it. */
  public boolean wasAsked(String name, String type) {
    return asked.contains(key(name, type));
  }

  private static String key(String name, String type) {
    return name.toLowerCase(Locale.ROOT) + " " + type;
  }

  private void serve() {
    byte[] buffer = new byte[MAX_MESSAGE];
    while (!socket.isClosed()) {
      try {
        DatagramPacket question = new DatagramPacket(buffer, buffer.length);
        socket.receive(question);
        byte[] answer = answer(ByteBuffer.wrap(buffer, 0, question.getLength()));
        if (answer.length > 0) {
          socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
        }
      } catch (IOException closed) {
        // The loop's condition says whether that was meant.
      }
    }
  }

  private byte[] answer(ByteBuffer question) throws IOException {
    short id = question.getShort(0);
    question.position(HEADER);
    StringBuilder name = new StringBuilder();
    int length = question.get();
    while (length > 0) {
      byte[] label = new byte[length];
      question.get(label);
      name.append(name.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
      length = question.get();
    }
    int type = question.getShort();
    int end = question.position() + 2;
    String known = TYPES.getOrDefault(type, "?");
    asked.add(key(name.toString(), known));
    if (silent.contains(name.toString())) {
      return new byte[0];
    }
    List<String> values = records.getOrDefault(key(name.toString(), known), List.of());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeShort(id);
      out.writeShort(values.isEmpty() ? 0x8183 : 0x8180); // no such name, or an answer
      out.writeShort(1);
      out.writeShort(values.size());
      out.writeInt(0);
      byte[] asking = new byte[end - HEADER];
      question.get(HEADER, asking);
      out.write(asking);
      for (String value : values) {
        byte[] data = data(known, value);
        out.writeShort(0xc000 | HEADER); // the name of the question
        out.writeShort(type);
        out.writeShort(1);
        out.writeInt(60);
        out.writeShort(data.length);
        out.write(data);
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] data(String type, String value) throws IOException {
    if (!type.equals("TXT")) {
      return InetAddress.getByName(value).getAddress();
    }
    byte[] text = value.getBytes(StandardCharsets.US_ASCII);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(text.length);
    out.write(text);
    return out.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
