package dev.paas.runtime.image;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.util.Iterator;

/** The bytes of a stream of messages; blocks where the iterator blocks. */
public final class ChunkStream extends InputStream {

  private final Iterator<ByteString> chunks;
  private ByteString current = ByteString.EMPTY;
  private int position;

  public ChunkStream(Iterator<ByteString> chunks) {
    this.chunks = chunks;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    while (position == current.size()) {
      if (!chunks.hasNext()) {
        return -1;
      }
      current = chunks.next();
      position = 0;
    }
    int n = Math.min(length, current.size() - position);
    current.substring(position, position + n).copyTo(target, offset);
    position += n;
    return n;
  }
}
