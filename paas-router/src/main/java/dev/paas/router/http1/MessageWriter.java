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

  private static final int FIRST_GUESS = 1024;
  private static final int HEX = 16;
  private static final ByteBuf CRLF =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(2, 2).writeByte('\r').writeByte('\n'));

  private MessageWriter() {}

  public static ByteBuf request(ByteBufAllocator allocator, RequestHead head) {
    ByteBuf out = allocator.buffer(FIRST_GUESS);
    ascii(out, head.method());
    out.writeByte(' ');
    ascii(out, head.target());
    ascii(out, " HTTP/1.1\r\n");
    return fields(out, head.fields());
  }

  public static ByteBuf response(ByteBufAllocator allocator, ResponseHead head) {
    ByteBuf out = allocator.buffer(FIRST_GUESS);
    ascii(out, "HTTP/1.1 ");
    ascii(out, Integer.toString(head.status()));
    out.writeByte(' ');
    ascii(out, head.reason());
    ascii(out, "\r\n");
    return fields(out, head.fields());
  }

  /** The line before the content of a chunk; CRLF follows the content. */
  public static ByteBuf chunkSize(ByteBufAllocator allocator, int size) {
    ByteBuf out = allocator.buffer(HEX);
    ascii(out, Integer.toHexString(size));
    ascii(out, "\r\n");
    return out;
  }

  public static ByteBuf chunkEnd() {
    return CRLF.duplicate();
  }

  /** The last chunk with the trailers. */
  public static ByteBuf lastChunk(ByteBufAllocator allocator, Fields trailers) {
    ByteBuf out = allocator.buffer(HEX);
    ascii(out, "0\r\n");
    return fields(out, trailers);
  }

  private static ByteBuf fields(ByteBuf out, Fields fields) {
    fields.forEach(
        (name, value) -> {
          ascii(out, name);
          ascii(out, ": ");
          ascii(out, value);
          ascii(out, "\r\n");
        });
    ascii(out, "\r\n");
    return out;
  }

  private static void ascii(ByteBuf out, String text) {
    ByteBufUtil.writeAscii(out, text);
  }
}
