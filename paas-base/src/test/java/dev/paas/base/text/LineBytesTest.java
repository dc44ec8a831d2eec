package dev.paas.base.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineBytesTest {

  /** Whole characters of one to four bytes, and every way in which they can be broken. */
  private static final byte[][] UNITS = {
    "a".getBytes(UTF_8),
    "é".getBytes(UTF_8),
    "€".getBytes(UTF_8),
    "😀".getBytes(UTF_8),
    {(byte) 0x80},
    {(byte) 0xbf, (byte) 0xbf, (byte) 0xbf, (byte) 0xbf},
    {(byte) 0xc0, (byte) 0x80},
    {(byte) 0xc3},
    {(byte) 0xe2, (byte) 0x82},
    {(byte) 0xe0, (byte) 0x80, (byte) 0x80},
    {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
    {(byte) 0xf0, (byte) 0x9f, (byte) 0x98},
    {(byte) 0xf4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
    {(byte) 0xf8, (byte) 0x88, (byte) 0x80, (byte) 0x80, (byte) 0x80},
    {(byte) 0xff},
  };

  private static byte[] line(Random random, int units) {
    java.io.ByteArrayOutputStream line = new java.io.ByteArrayOutputStream();
    for (int i = 0; i < units; i++) {
      line.writeBytes(UNITS[random.nextInt(UNITS.length)]);
    }
    return line.toByteArray();
  }

  private static List<String> pieces(byte[] line, int max, Random cuts) {
    List<String> pieces = new ArrayList<>();
    LineBytes bytes = new LineBytes(max);
    int at = 0;
    while (at < line.length) {
      int end = at + 1 + cuts.nextInt(line.length - at);
      bytes.add(line, at, end, pieces::add);
      at = end;
    }
    pieces.add(bytes.end());
    return pieces;
  }

  @Test
  void lineHasTheSameTextWhereverItsBytesAreCut() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      byte[] line = line(random, random.nextInt(40));
      assertThat(pieces(line, 1 << 16, random))
          .as("seed %d", seed)
          .containsExactly(new String(line, UTF_8));
    }
  }

  @Test
  void piecesOfALongLineAreBoundedAndTogetherItsText() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      byte[] line = line(random, random.nextInt(60));
      int max = 4 + random.nextInt(20);
      List<String> pieces = pieces(line, max, random);
      assertThat(String.join("", pieces)).as("seed %d", seed).isEqualTo(new String(line, UTF_8));
      assertThat(pieces.subList(0, pieces.size() - 1))
          .as("seed %d: a piece is as long as it may be, but for one character", seed)
          .allSatisfy(piece -> assertThat(piece.length()).isBetween((max - 3) / 4, max));
    }
  }

  @Test
  void invalidBytesNeverSwallowTheCharacterAfterThem() {
    for (byte[] unit : UNITS) {
      byte[] line = new byte[unit.length + 1];
      System.arraycopy(unit, 0, line, 0, unit.length);
      line[unit.length] = 'Z';
      assertThat(pieces(line, 1 << 16, new Random(1)).get(0)).endsWith("Z");
    }
  }

  @Test
  void lineThatIsExactlyAsLongAsAllowedHasNoSecondPiece() {
    List<String> pieces = new ArrayList<>();
    LineBytes bytes = new LineBytes(6);
    bytes.add("€€".getBytes(UTF_8), 0, 6, pieces::add);
    assertThat(pieces).isEmpty();
    assertThat(bytes.end()).isEqualTo("€€");
    assertThat(bytes.isEmpty()).isTrue();
  }

  @Test
  void firstCharacterOfATextEnteredInItsMiddleIsFound() {
    byte[] euro = "€uro".getBytes(UTF_8);
    assertThat(LineBytes.firstCharacter(euro, 0, euro.length)).isZero();
    assertThat(LineBytes.firstCharacter(euro, 1, euro.length)).isEqualTo(3);
    assertThat(LineBytes.firstCharacter(euro, 2, euro.length)).isEqualTo(3);
    assertThat(LineBytes.firstCharacter(euro, 2, 2)).isEqualTo(2);
  }

  @Test
  void limitThatHoldsNoCharacterIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new LineBytes(3));
  }
}
