package dev.paas.router.socket;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class SocketsTest {

  private static final int PART = 5 << 10;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ChannelOutboundBuffer written =
      Objects.requireNonNull(channel.unsafe().outboundBuffer());

  SocketsTest() {
    channel.config().setWriteBufferWaterMark(Sockets.WATER_MARK);
  }

  private void expectWhatTheBufferHolds() {
    assertThat(Sockets.unsent(channel)).isEqualTo(written.totalPendingWriteBytes());
  }

  @Test
  void whatIsUnsentIsCountedOnBothSidesOfBothMarks() {
    expectWhatTheBufferHolds();
    for (int parts = 0; parts < 20; parts++) {
      Sockets.write(channel, Unpooled.wrappedBuffer(new byte[PART]));
      expectWhatTheBufferHolds();
    }
    assertThat(Sockets.unsent(channel)).isGreaterThan(Sockets.WATER_MARK.high());
    assertThat(channel.isWritable()).isFalse();
    written.addFlush();
    while (written.remove()) {
      expectWhatTheBufferHolds();
    }
    assertThat(channel.isWritable()).isTrue();
    assertThat(Sockets.unsent(channel)).isZero();
  }

  @Test
  void aChannelThatIsClosedHasNothingUnsent() {
    Sockets.write(channel, Unpooled.wrappedBuffer(new byte[PART]));
    var unused = channel.close();
    assertThat(Sockets.unsent(channel)).isZero();
  }
}
