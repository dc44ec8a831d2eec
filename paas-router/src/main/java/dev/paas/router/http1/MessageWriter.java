package dev.paas.router.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;

/**
 * Writes messages from their parsed form, always as HTTP/1.1. Nothing that reaches it can hold a
 * line end: the reader refused it.
 */
public final class MessageWriter {

  private static final int HEX = 16;
  private static final ByteBuf CRLF =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(2, 2).writeByte('\r').writeByte('\n'));

  private MessageWriter() {}

  public static ByteBuf request(ByteBufAllocator allocator, RequestHead head) {
    return new Text(head.method().length() + head.target().length() + 12, head.fields())
        .add(head.method())
        .add(" ")
        .add(head.target())
        .add(" HTTP/1.1\r\n")
        .add(head.fields())
        .toBuffer(allocator, 0);
  }

  /**
   * @param room bytes that are left for a body
   */
  public static ByteBuf response(ByteBufAllocator allocator, ResponseHead head, int room) {
    return new Text(head.reason().length() + 15, head.fields())
        .add("HTTP/1.1 ")
        .add(Integer.toString(head.status()))
        .add(" ")
        .add(head.reason())
        .add("\r\n")
        .add(head.fields())
        .toBuffer(allocator, room);
  }

  /** The line before the content of a chunk; CRLF follows the content. */
  public static ByteBuf chunkSize(ByteBufAllocator allocator, int size) {
    ByteBuf out = allocator.buffer(HEX);
    ByteBufUtil.writeAscii(out, Integer.toHexString(size));
    ByteBufUtil.writeAscii(out, "\r\n");
    return out;
  }

  public static ByteBuf chunkEnd() {
    return CRLF.duplicate();
  }

  /** The last chunk with the trailers. */
  public static ByteBuf lastChunk(ByteBufAllocator allocator, Fields trailers) {
    return new Text(3, trailers).add("0\r\n").add(trailers).toBuffer(allocator, 0);
  }

  /** A head as it grows, in an array of just its size: written to the buffer in one piece. */
  private static final class Text {

    private final byte[] bytes;
    private int length;

    /**
     * @param firstLine bytes of the first line
     */
    private Text(int firstLine, Fields fields) {
      this.bytes = new byte[firstLine + fields.written()];
    }

    @SuppressWarnings("deprecation") // the low byte of each character is what ISO 8859-1 means
    private Text add(String text) {
      text.getBytes(0, text.length(), bytes, length);
      length += text.length();
      return this;
    }

    private Text add(Fields fields) {
      fields.forEach((name, value) -> add(name).add(": ").add(value).add("\r\n"));
      return add("\r\n");
    }

    private ByteBuf toBuffer(ByteBufAllocator allocator, int room) {
      return allocator.buffer(length + room).writeBytes(bytes, 0, length);
    }
  }
}
