package dev.paas.router.http1;

import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one body from the bytes of a connection and hands its content on without copying it, but
 * for small chunks, which are gathered: each part that is handed on costs more than a few bytes.
 * Chunk extensions are dropped, within a budget; a chunk's size is hexadecimal digits and nothing
 * else.
 */
public final class BodyReader {

  /** Bytes of one line that gives a chunk's size, its extensions included. */
  private static final int MAX_CHUNK_LINE = 1 << 10;

  /** Bytes of extensions in one body: they cost work and mean nothing. */
  private static final int MAX_EXTENSIONS = 16 << 10;

  /** Bytes of the trailers of one body. */
  private static final int MAX_TRAILERS = 8 << 10;

  /** More digits than the size of any chunk that could ever be sent. */
  private static final int MAX_SIZE_DIGITS = 15;

  /** Bytes of a chunk that is not worth a part of its own, and of many such in one part. */
  private static final int SMALL = 512;

  private static final int GATHERED = 8 << 10;

  private enum State {
    SIZE,
    DATA,
    DATA_END,
    TRAILERS,
    ENDED
  }

  private final Framing framing;
  private final Fields trailers = new Fields();
  private State state;
  private long remaining;
  private int extensions;
  private int trailerBytes;
  private @Nullable ByteBuf gathered;

  public BodyReader(Framing framing) {
    this.framing = framing;
    this.remaining = framing.length();
    this.state =
        switch (framing.kind()) {
          case NONE -> State.ENDED;
          case FIXED -> framing.length() == 0 ? State.ENDED : State.DATA;
          case CHUNKED -> State.SIZE;
          case UNTIL_CLOSE -> State.DATA;
        };
  }

  public boolean ended() {
    return state == State.ENDED;
  }

  /** The trailers, once the body has ended. */
  public Fields trailers() {
    return trailers;
  }

  /**
   * Reads what is there.
   *
   * @param content gets the parts of the content, and owns them
   * @return whether the body has ended; what follows it is left in {@code in}
   */
  public boolean read(ByteBuf in, Consumer<ByteBuf> content) throws BadMessage {
    boolean progress = true;
    try {
      while (progress && state != State.ENDED) {
        progress =
            switch (state) {
              case SIZE -> readSize(in);
              case DATA -> readData(in, content);
              case DATA_END -> readDataEnd(in);
              case TRAILERS -> readTrailer(in);
              case ENDED -> false;
            };
      }
    } finally {
      handOn(content);
    }
    return state == State.ENDED;
  }

  /**
   * The connection has ended.
   *
   * @return whether the body ended with it, as it should
   */
  public boolean closed() {
    if (framing.kind() == Framing.Kind.UNTIL_CLOSE) {
      state = State.ENDED;
    }
    return ended();
  }

  private boolean readSize(ByteBuf in) throws BadMessage {
    int length = line(in, MAX_CHUNK_LINE);
    if (length < 0) {
      return false;
    }
    long size = 0;
    int digits = 0;
    int start = in.readerIndex();
    while (digits < length) {
      int digit = hex(in.getByte(start + digits));
      if (digit < 0) {
        break;
      }
      size = (size << 4) + digit;
      digits++;
      if (digits > MAX_SIZE_DIGITS) {
        throw BadMessage.malformed("a chunk's size is too large");
      }
    }
    if (digits == 0 || (digits < length && in.getByte(start + digits) != ';')) {
      throw BadMessage.malformed("a chunk's size is not a hexadecimal number");
    }
    extensions += length - digits;
    if (extensions > MAX_EXTENSIONS) {
      throw BadMessage.malformed("too many chunk extensions");
    }
    checkExtension(in, start + digits, start + length);
    in.skipBytes(length + 2);
    remaining = size;
    state = size == 0 ? State.TRAILERS : State.DATA;
    return true;
  }

  private boolean readData(ByteBuf in, Consumer<ByteBuf> content) {
    int available = in.readableBytes();
    if (available == 0) {
      return false;
    }
    if (framing.kind() == Framing.Kind.UNTIL_CLOSE) {
      content.accept(in.readRetainedSlice(available));
      return true;
    }
    int taken = (int) Math.min(available, remaining);
    remaining -= taken;
    if (remaining == 0) {
      state = framing.kind() == Framing.Kind.FIXED ? State.ENDED : State.DATA_END;
    }
    if (framing.kind() == Framing.Kind.CHUNKED && taken < SMALL) {
      gather(in, taken, content);
    } else {
      handOn(content);
      content.accept(in.readRetainedSlice(taken));
    }
    return true;
  }

  private void gather(ByteBuf in, int bytes, Consumer<ByteBuf> content) {
    ByteBuf parts = gathered;
    if (parts == null) {
      parts = in.alloc().buffer(Math.min(GATHERED, Math.max(bytes, in.readableBytes() / 2)));
      gathered = parts;
    }
    parts.writeBytes(in, bytes);
    if (parts.readableBytes() >= GATHERED) {
      handOn(content);
    }
  }

  private void handOn(Consumer<ByteBuf> content) {
    ByteBuf parts = gathered;
    if (parts != null) {
      gathered = null;
      content.accept(parts);
    }
  }

  private boolean readDataEnd(ByteBuf in) throws BadMessage {
    if (in.isReadable() && in.getByte(in.readerIndex()) != '\r') {
      throw BadMessage.malformed("a chunk is longer than its size");
    }
    if (in.readableBytes() < 2) {
      return false;
    }
    if (in.getByte(in.readerIndex() + 1) != '\n') {
      throw BadMessage.malformed("a chunk is longer than its size");
    }
    in.skipBytes(2);
    state = State.SIZE;
    return true;
  }

  private boolean readTrailer(ByteBuf in) throws BadMessage {
    int length = line(in, MAX_TRAILERS);
    if (length < 0) {
      return false;
    }
    trailerBytes += length + 2;
    if (trailerBytes > MAX_TRAILERS || trailers.size() >= Limits.MAX_FIELDS) {
      throw BadMessage.malformed("too many trailers");
    }
    if (length == 0) {
      state = State.ENDED;
    } else {
      String text = in.toString(in.readerIndex(), length, StandardCharsets.ISO_8859_1);
      HeadReader.addField(trailers, text, 0, length, false);
    }
    in.skipBytes(length + 2);
    return true;
  }

  /** The length of the line that {@code in} begins with, without its CRLF; -1: not whole yet. */
  private static int line(ByteBuf in, int max) throws BadMessage {
    int start = in.readerIndex();
    int feed = in.forEachByte(start, Math.min(in.readableBytes(), max + 2), ByteProcessor.FIND_LF);
    if (feed < 0) {
      if (in.readableBytes() >= max + 2) {
        throw BadMessage.malformed("a line of a chunked body is too long");
      }
      return -1;
    }
    if (feed == start || in.getByte(feed - 1) != '\r') {
      throw BadMessage.malformed("a line ends in LF without CR");
    }
    return feed - start - 1;
  }

  private static void checkExtension(ByteBuf in, int from, int to) throws BadMessage {
    for (int i = from; i < to; i++) {
      int c = in.getByte(i) & 0xff;
      if ((c < ' ' && c != '\t') || c == 0x7f) {
        throw BadMessage.malformed("a chunk extension has a control character");
      }
    }
  }

  private static int hex(byte c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
