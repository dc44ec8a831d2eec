package dev.paas.gitreceiver.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CommandLinesTest {

  private static final int LINE = 104;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 64, 8192})
  void whatFitsIsPassedOnWithWhatFollows(int piece) throws IOException {
    String sent = lines(3) + "0000" + "PACK0004ffff";
    CommandLines in = new CommandLines(stream(sent), 3 * LINE);
    assertThat(all(in, piece)).isEqualTo(sent);
    assertThat(in.overLimit()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 8192})
  void linesBeyondTheLimitAreDroppedAndWhatFollowsIsNot(int piece) throws IOException {
    CommandLines in = new CommandLines(stream(lines(100_000) + "0000PACK"), 2 * LINE + 1);
    assertThat(all(in, piece)).isEqualTo(lines(2) + "0000PACK");
    assertThat(in.overLimit()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "zzzzPACK", "0001", "0003x", "-001abc", "0068short", "0000"})
  void whatIsNoListIsPassedOnAsItIs(String sent) throws IOException {
    assertThat(all(new CommandLines(stream(sent), 2 * LINE), 8192)).isEqualTo(sent);
  }

  @Test
  void aShortLineAfterADroppedOneIsDroppedToo() throws IOException {
    CommandLines in = new CommandLines(stream(lines(2) + "0005x" + "0000"), LINE + 50);
    assertThat(all(in, 8192)).isEqualTo(lines(1) + "0000");
  }

  private static String lines(int count) {
    return ("0068" + "a".repeat(LINE - 4)).repeat(count);
  }

  private static InputStream stream(String sent) {
    return new ByteArrayInputStream(sent.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String all(InputStream in, int piece) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] buffer = new byte[piece];
    for (int got = in.read(buffer); got >= 0; got = in.read(buffer)) {
      all.write(buffer, 0, got);
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }
}
