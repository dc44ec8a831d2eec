package dev.paas.runtime.solve.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The content of an answer (RFC 9112, 6 and 7), to whose promised end it must come: what breaks off
 * before is an error and never a shorter file.
 */
final class HttpContent {

  private static final int MAX_LINE = 1000;

  private final InputStream in;
  private final boolean chunked;

  /** Bytes to come, of the content or of the chunk; -1: nobody says how many. */
  private long left;

  private boolean ended;

  HttpContent(HttpHead head, InputStream in) throws IOException {
    this.in = in;
    this.chunked = head.isChunked();
    this.left = chunked ? 0 : head.length();
  }

  /** Reads some bytes; -1 at the end. */
  int read(byte[] buffer) throws IOException {
    if (chunked && !ended && left == 0) {
      left = chunk();
      ended = left == 0;
    }
    if (ended || left == 0) {
      return -1;
    }
    int room = left < 0 ? buffer.length : (int) Math.min(left, buffer.length);
    int n = in.read(buffer, 0, room);
    if (n < 0 && left > 0) {
      throw new EOFException("it ends too early");
    }
    ended = n < 0;
    if (left > 0) {
      left -= n;
      if (chunked && left == 0 && !HttpHead.line(in, MAX_LINE).isEmpty()) {
        throw malformed();
      }
    }
    return n;
  }

  private long chunk() throws IOException {
    String line = HttpHead.line(in, MAX_LINE);
    int extension = line.indexOf(';');
    String size = (extension < 0 ? line : line.substring(0, extension)).strip();
    if (!size.matches("[0-9a-fA-F]{1,15}")) {
      throw malformed();
    }
    return Long.parseLong(size, 16);
  }

  private static IOException malformed() {
    return new IOException("its chunks can't be told apart");
  }
}
