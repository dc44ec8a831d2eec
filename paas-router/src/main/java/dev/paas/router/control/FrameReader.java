package dev.paas.router.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.util.List;

/** Takes frames apart: a length as a protobuf varint, then that many bytes, at most a bound. */
final class FrameReader extends ByteToMessageDecoder {

  /** Bytes of a message: a table of tens of thousands of instances. */
  static final int MAX_FRAME = 8 << 20;

  private static final int MAX_LENGTH_BYTES = 5;

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    long length = 0;
    int start = in.readerIndex();
    for (int i = 0; i < MAX_LENGTH_BYTES; i++) {
      if (i == in.readableBytes()) {
        return;
      }
      byte next = in.getByte(start + i);
      length |= (long) (next & 0x7f) << (7 * i);
      if (next >= 0) {
        take(in, i + 1, length, out);
        return;
      }
    }
    throw new TooLongFrameException("a length of more than five bytes");
  }

  private static void take(ByteBuf in, int header, long length, List<Object> out) {
    if (length > MAX_FRAME) {
      throw new TooLongFrameException("a frame of " + length + " bytes");
    }
    if (in.readableBytes() >= header + length) {
      in.skipBytes(header);
      out.add(in.readRetainedSlice((int) length));
    }
  }
}
