package dev.paas.runtime.session.output;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a monitor's log back into the bytes that were printed: {@code STAMP stdout F text} is a
 * line with its end, {@code P} in place of {@code F} what came without one. A record that is being
 * written is left until it is whole.
 */
final class LogRecords {

  /** Many records; a record is 8 KiB and its stamp at most. */
  private static final int BUFFER = 1 << 16;

  private final FileChannel file;
  private final byte[] bytes = new byte[BUFFER];
  private final ByteBuffer buffer = ByteBuffer.wrap(bytes);
  private long at;
  private long position;

  /**
   * @param base how many bytes were printed before those of this file
   */
  LogRecords(FileChannel file, long base) {
    this.file = file;
    this.position = base;
  }

  /** How many bytes were printed up to what was read last. */
  long position() {
    return position;
  }

  /** All the bytes that a log has. */
  static long length(FileChannel file) throws IOException {
    LogRecords records = new LogRecords(file, 0);
    List<Piece> pieces;
    do {
      pieces = records.next();
    } while (!pieces.isEmpty());
    return records.position();
  }

  /** What comes next; nothing when there is no whole record now. */
  List<Piece> next() throws IOException {
    while (true) {
      int read = file.read(buffer, at);
      at += Math.max(read, 0);
      List<Piece> pieces = new ArrayList<>();
      buffer.flip();
      take(pieces);
      buffer.compact();
      if (!buffer.hasRemaining()) {
        throw new IOException("a log of a session has a record without an end");
      }
      if (!pieces.isEmpty() || read <= 0) {
        return pieces;
      }
    }
  }

  /** Neighbours of the same stream become one piece. */
  private void take(List<Piece> into) {
    ByteString.Output joined = ByteString.newOutput();
    boolean stderr = false;
    int end = end();
    while (end >= 0) {
      int start = buffer.position();
      int stream = after(' ', start, end);
      int flag = after(' ', stream, end);
      boolean ofErrors = buffer.get(stream + 3) == 'e';
      if (ofErrors != stderr) {
        add(into, joined, stderr);
        joined.reset();
        stderr = ofErrors;
      }
      int text = Math.min(flag + 2, end);
      joined.write(bytes, text, end - text);
      if (buffer.get(flag) == 'F') {
        joined.write('\n');
      }
      buffer.position(end + 1);
      end = end();
    }
    add(into, joined, stderr);
  }

  private void add(List<Piece> into, ByteString.Output joined, boolean stderr) {
    if (joined.size() > 0) {
      position += joined.size();
      into.add(new Piece(joined.toByteString(), stderr, position));
    }
  }

  /** The index of the end of the record that is next; -1: it is not whole. */
  private int end() {
    for (int index = buffer.position(); index < buffer.limit(); index++) {
      if (buffer.get(index) == '\n') {
        return index;
      }
    }
    return -1;
  }

  private int after(char wanted, int from, int to) {
    int index = from;
    while (index < to && buffer.get(index) != wanted) {
      index++;
    }
    return Math.min(index + 1, to);
  }
}
