package dev.paas.router.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Follows the frames that an instance sends through a WebSocket, without looking into them (RFC
 * 6455 §5.2): a word of the router's own may stand between two, and nowhere else.
 */
final class WebSocketFrames {

  private static final int OPCODE = 0x0f;
  private static final int CLOSE = 0x8;
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;
  private static final int IN_2_BYTES = 126;
  private static final int IN_8_BYTES = 127;
  private static final int MASK_BYTES = 4;

  /** Bytes of the present frame's header that were seen, its length's further bytes left out. */
  private int header;

  private int opcode;
  private boolean masked;
  private int lengthBytes;
  private long length;
  private long payloadLeft;
  private boolean closing;

  /** Takes note of bytes that are passed on. */
  void passed(ByteBuf bytes) {
    int at = bytes.readerIndex();
    while (at < bytes.writerIndex()) {
      if (payloadLeft > 0) {
        int skipped = (int) Math.min(payloadLeft, bytes.writerIndex() - at);
        payloadLeft -= skipped;
        at += skipped;
      } else {
        headerByte(bytes.getUnsignedByte(at));
        at++;
      }
    }
  }

  private void headerByte(int next) {
    if (header == 0) {
      opcode = next & OPCODE;
      header = 1;
      return;
    }
    if (header == 1) {
      masked = (next & MASKED) != 0;
      int first = next & LENGTH;
      lengthBytes = first == IN_2_BYTES ? 2 : first == IN_8_BYTES ? 8 : 0;
      length = lengthBytes == 0 ? first : 0;
      header = 2;
    } else {
      length = length << 8 | next;
      lengthBytes--;
    }
    if (lengthBytes == 0) {
      header = 0;
      // A length beyond all that is allowed makes a frame that never ends: nothing is put between.
      payloadLeft = length < 0 ? Long.MAX_VALUE : length + (masked ? MASK_BYTES : 0);
      closing |= opcode == CLOSE;
    }
  }

  /** Whether a frame may follow what was passed on: no other is open, and none has closed all. */
  boolean maySpeak() {
    return header == 0 && payloadLeft == 0 && !closing;
  }

  /** A close frame of a server: 1001, going away (RFC 6455 §7.4.1). */
  static ByteBuf goingAway() {
    return Unpooled.wrappedBuffer(new byte[] {(byte) 0x88, 2, 0x03, (byte) 0xe9});
  }
}
