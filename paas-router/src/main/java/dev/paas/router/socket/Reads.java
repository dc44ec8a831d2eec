package dev.paas.router.socket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.function.IntUnaryOperator;

/**
 * How much one connection reads at once: more while much comes, less when little does, and never
 * more than it may hold.
 */
public final class Reads extends DefaultMaxMessagesRecvByteBufAllocator {

  private static final int MIN = 1 << 10;
  private static final int FIRST = 4 << 10;
  private static final int MAX = 64 << 10;

  /** What much more than was expected is taken for. */
  private static final int GROWTH = 16;

  private final IntUnaryOperator granted;

  /**
   * @param granted how much of so many bytes may be read; asked before each read
   */
  public Reads(IntUnaryOperator granted) {
    this.granted = granted;
  }

  @Override
  @SuppressWarnings("deprecation") // the type that the transport asks for
  public Handle newHandle() {
    return new Sizes();
  }

  private final class Sizes extends MaxMessageHandle {

    private int size = FIRST;
    private boolean little;

    @Override
    public int guess() {
      return size;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(granted.applyAsInt(size));
    }

    @Override
    public void lastBytesRead(int bytes) {
      if (bytes > 0 && bytes == attemptedBytesRead()) {
        size = Math.min(MAX, size * GROWTH);
        little = false;
      } else if (bytes <= size / 2) {
        if (little) {
          size = Math.max(MIN, size / 2);
        }
        little = !little;
      }
      super.lastBytesRead(bytes);
    }
  }
}
