package dev.paas.builder.source;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * File names are bytes, of which most are UTF-8. A byte that is not is a character from U+DC80 to
 * U+DCFF in a path here, which no text in UTF-8 has: so every name stays what it is, and two names
 * stay two.
 */
final class PathBytes {

  private static final char ESCAPED = 0xdc00;

  private PathBytes() {}

  static String text(byte[] path) {
    CharsetDecoder utf8 =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(path);
    CharBuffer out = CharBuffer.allocate(path.length);
    while (in.hasRemaining()) {
      utf8.reset();
      utf8.decode(in, out, true);
      if (in.hasRemaining()) {
        out.put((char) (ESCAPED + (in.get() & 0xff)));
      }
    }
    return out.flip().toString();
  }

  static byte[] bytes(String path) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(path.length() + 16);
    int begin = 0;
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean second = i > 0 && Character.isSurrogatePair(path.charAt(i - 1), c);
      if (c >= ESCAPED + 0x80 && c <= ESCAPED + 0xff && !second) {
        out.writeBytes(path.substring(begin, i).getBytes(StandardCharsets.UTF_8));
        out.write(c - ESCAPED);
        begin = i + 1;
      }
    }
    out.writeBytes(path.substring(begin).getBytes(StandardCharsets.UTF_8));
    return out.toByteArray();
  }
}
