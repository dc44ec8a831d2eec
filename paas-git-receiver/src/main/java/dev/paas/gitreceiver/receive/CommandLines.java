package dev.paas.gitreceiver.receive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a client of git's receive-pack sends, its list of commands cut at a limit: lines beyond it
 * are read and dropped, so that a push that names too many refs costs no memory, arrives to its end
 * and can be declined in git's own way.
 *
 * <p>The list is pkt-lines up to a flush packet (gitprotocol-common, gitprotocol-pack); what
 * follows it is passed on as it is, and so is everything from the first byte that is no pkt-line.
 */
final class CommandLines extends InputStream {

  /** Hexadecimal digits of a line's length, which counts them. */
  private static final int HEAD = 4;

  private final InputStream in;
  private final byte[] head = new byte[HEAD];
  private long room;

  /** Of the head in hand, what has not been handed out; none when it is at its end. */
  private int headAt = HEAD;

  private int lineLeft;
  private boolean listEnded;
  private boolean overLimit;

  /**
   * @param maxBytes of lines that are passed on, whole lines only
   */
  CommandLines(InputStream in, long maxBytes) {
    this.in = in;
    this.room = maxBytes;
  }

  /** Whether lines were dropped; final once the list has been read. */
  boolean overLimit() {
    return overLimit;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (headAt == HEAD && lineLeft == 0 && !listEnded) {
      if (!nextLine()) {
        return -1;
      }
    }
    if (headAt < HEAD) {
      int part = Math.min(length, HEAD - headAt);
      System.arraycopy(head, headAt, into, from, part);
      headAt += part;
      return part;
    }
    if (lineLeft == 0) {
      return in.read(into, from, length);
    }
    int part = in.read(into, from, Math.min(length, lineLeft));
    lineLeft -= Math.max(0, part);
    return part;
  }

  /** Whether there is another line or the end of the list; it may be one that is dropped. */
  private boolean nextLine() throws IOException {
    int got = in.readNBytes(head, 0, HEAD);
    if (got < HEAD) {
      listEnded = true;
      headAt = HEAD - got;
      System.arraycopy(head, 0, head, headAt, got);
      return got > 0;
    }
    int length = length();
    if (length < HEAD) {
      listEnded = true;
      headAt = 0;
    } else if (length <= room) {
      room -= length;
      headAt = 0;
      lineLeft = length - HEAD;
    } else {
      room = 0;
      overLimit = true;
      in.skipNBytes(length - HEAD);
    }
    return true;
  }

  /** Of the line whose head has been read; -1 when it is none. */
  private int length() {
    try {
      return Integer.parseUnsignedInt(new String(head, StandardCharsets.ISO_8859_1), 16);
    } catch (NumberFormatException noLine) {
      return -1;
    }
  }
}
