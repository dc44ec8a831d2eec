package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

final class WebSocketFramesTest {

  private final WebSocketFrames frames = new WebSocketFrames();

  private boolean maySpeakAfter(int... bytes) {
    for (int next : bytes) {
      frames.passed(Unpooled.wrappedBuffer(new byte[] {(byte) next}));
    }
    return frames.maySpeak();
  }

  private void payload(int length) {
    frames.passed(Unpooled.wrappedBuffer(new byte[length]));
  }

  @Test
  void aWordMayStandBetweenFramesAndNotInOne() {
    assertThat(frames.maySpeak()).isTrue();
    assertThat(maySpeakAfter(0x81)).isFalse();
    assertThat(maySpeakAfter(2)).isFalse();
    assertThat(maySpeakAfter('h')).isFalse();
    assertThat(maySpeakAfter('i')).isTrue();
    assertThat(maySpeakAfter(0x8a, 0)).as("an empty pong").isTrue();
  }

  @Test
  void longFramesAreFollowedToTheirEnd() {
    assertThat(maySpeakAfter(0x82, 126, 0x01, 0x00)).isFalse();
    payload(255);
    assertThat(frames.maySpeak()).isFalse();
    payload(1);
    assertThat(frames.maySpeak()).isTrue();
    assertThat(maySpeakAfter(0x82, 127, 0, 0, 0, 0, 0, 1, 0, 0)).isFalse();
    payload(0x10000);
    assertThat(frames.maySpeak()).isTrue();
  }

  @Test
  void severalFramesMayComeAtOnce() {
    frames.passed(Unpooled.wrappedBuffer(new byte[] {1, 1, 'a', 0, 0, (byte) 0x80, 3, 'b'}));
    assertThat(frames.maySpeak()).isFalse();
    payload(2);
    assertThat(frames.maySpeak()).isTrue();
  }

  @Test
  void aMaskBelongsToItsFrame() {
    assertThat(maySpeakAfter(0x81, 0x81, 1, 2, 3, 4)).isFalse();
    assertThat(maySpeakAfter('a')).isTrue();
  }

  @Test
  void nothingFollowsACloseFrameOrAnEndlessOne() {
    assertThat(maySpeakAfter(0x88, 0)).isFalse();
    WebSocketFrames endless = new WebSocketFrames();
    endless.passed(
        Unpooled.wrappedBuffer(new byte[] {(byte) 0x82, 127, -1, -1, -1, -1, -1, -1, -1, -1, 0}));
    assertThat(endless.maySpeak()).isFalse();
  }
}
