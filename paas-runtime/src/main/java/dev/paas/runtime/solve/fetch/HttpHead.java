package dev.paas.runtime.solve.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of an answer (RFC 9112, 4 and 5): its status, and the values of each field in their
 * order.
 */
record HttpHead(int status, Map<String, List<String>> fields) {

  /** In bytes, with those of interim answers. */
  private static final int MAX_BYTES = 64 << 10;

  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[0-9] ([0-9]{3})( .*)?");

  /** Reads up to the empty line; interim answers (RFC 9110, 15.2) are passed over. */
  static HttpHead read(InputStream in) throws IOException {
    int room = MAX_BYTES;
    while (true) {
      String first = line(in, room);
      room -= first.length();
      Matcher status = STATUS.matcher(first);
      if (!status.matches()) {
        throw new IOException("it does not speak HTTP");
      }
      Map<String, List<String>> fields = new HashMap<>();
      for (String line = line(in, room); !line.isEmpty(); line = line(in, room)) {
        room -= line.length();
        int colon = line.indexOf(':');
        if (colon > 0) {
          String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
          fields
              .computeIfAbsent(name, key -> new ArrayList<>())
              .add(line.substring(colon + 1).strip());
        }
      }
      if (!status.group(1).startsWith("1")) {
        return new HttpHead(Integer.parseInt(status.group(1)), fields);
      }
    }
  }

  /** One line without its end, which may lack the carriage return (RFC 9112, 2.2). */
  static String line(InputStream in, int room) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException("it ends too early");
      }
      if (line.length() >= room) {
        throw new IOException("its head is too long");
      }
      line.append((char) c);
    }
    int end = line.length() - 1;
    if (end >= 0 && line.charAt(end) == '\r') {
      line.setLength(end);
    }
    return line.toString();
  }

  /** The first value of a field, as bytes of ISO 8859-1. */
  Optional<String> field(String name) {
    return fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()).stream().findFirst();
  }

  /** Whether the content comes in chunks, which then say how long it is (RFC 9112, 6.3). */
  boolean isChunked() throws IOException {
    List<String> codings = fields.getOrDefault("transfer-encoding", List.of());
    if (!codings.isEmpty()
        && !(codings.size() == 1 && codings.get(0).equalsIgnoreCase("chunked"))) {
      throw new IOException("it sends the content in an unknown coding");
    }
    return !codings.isEmpty();
  }

  /** The length of the content in bytes; -1 when the end of the connection is its end. */
  long length() throws IOException {
    List<String> lengths =
        fields.getOrDefault("content-length", List.of()).stream().distinct().toList();
    if (lengths.isEmpty()) {
      return -1;
    }
    if (lengths.size() > 1 || !lengths.get(0).matches("[0-9]{1,18}")) {
      throw new IOException("it gives no length that can be right");
    }
    return Long.parseLong(lengths.get(0));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
