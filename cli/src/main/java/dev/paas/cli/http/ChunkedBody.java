package dev.paas.cli.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * A body in chunks (RFC 9112 §7.1): streams end by a chunk of length zero, or they were cut off.
 */
final class ChunkedBody extends InputStream {

  private final HttpExchange exchange;
  private long left;
  private boolean first = true;
  private boolean ended;

  ChunkedBody(HttpExchange exchange) {
    this.exchange = exchange;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (left == 0 && !ended) {
      next();
    }
    if (ended) {
      return -1;
    }
    int n = exchange.read(into, from, (int) Math.min(length, left));
    if (n < 0) {
      throw new EOFException("the answer was cut off");
    }
    left -= n;
    return n;
  }

  private void next() throws IOException {
    if (!first) {
      exchange.line();
    }
    first = false;
    String size = exchange.line();
    int extension = size.indexOf(';');
    try {
      left = Long.parseLong((extension < 0 ? size : size.substring(0, extension)).strip(), 16);
    } catch (NumberFormatException broken) {
      throw new IOException("the answer is not well framed", broken);
    }
    ended = left == 0;
  }
}
