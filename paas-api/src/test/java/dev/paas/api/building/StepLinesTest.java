package dev.paas.api.building;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepLinesTest {

  private final List<String> lines = new ArrayList<>();
  private final StepLines step = new StepLines(lines::add);

  @Test
  void bytesBecomeLinesWhereverTheyAreCut() {
    write("on");
    write("e\ntw");
    write("o\n");

    assertThat(lines).containsExactly("one", "two");
  }

  @Test
  void characterIsNotCutInTwo() {
    byte[] umlaut = "grün\n".getBytes(StandardCharsets.UTF_8);
    step.write(new byte[] {umlaut[0], umlaut[1], umlaut[2]});
    step.write(new byte[] {umlaut[3], umlaut[4], umlaut[5]});

    assertThat(lines).containsExactly("grün");
  }

  @Test
  void progressBarLeavesItsLastState() {
    write("10 %\r50 %\r100 %\nready\n");

    assertThat(lines).containsExactly("100 %", "ready");
  }

  @Test
  void windowsLineEndsAreLineEnds() {
    write("one\r\ntwo\r\n");

    assertThat(lines).containsExactly("one", "two");
  }

  @Test
  void lastLineNeedsNoNewline() {
    write("half");
    step.finish();
    step.finish();

    assertThat(lines).containsExactly("half");
  }

  @Test
  void endlessLineBecomesSeveralAndNothingOfItIsLost() {
    String text = "x€".repeat(StepLines.MAX_LINE);
    write(text + "\nnext\n");

    assertThat(lines.get(lines.size() - 1)).isEqualTo("next");
    List<String> pieces = lines.subList(0, lines.size() - 1);
    assertThat(String.join("", pieces)).isEqualTo(text);
    assertThat(pieces)
        .allSatisfy(
            piece ->
                assertThat(piece.getBytes(StandardCharsets.UTF_8))
                    .hasSizeBetween(1, StepLines.MAX_LINE));
  }

  @Test
  void linesAreTheSameWhereverTheBytesAreCut() {
    byte[] bytes =
        "gr\u00fcn\r\n10 \u20ac\r20 \u20ac\n\n\r\nlast \ud83d\ude00"
            .getBytes(StandardCharsets.UTF_8);
    for (int seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      lines.clear();
      int at = 0;
      while (at < bytes.length) {
        int end = at + 1 + random.nextInt(bytes.length - at);
        step.write(Arrays.copyOfRange(bytes, at, end));
        at = end;
      }
      step.finish();
      assertThat(lines).containsExactly("gr\u00fcn", "20 \u20ac", "", "", "last \ud83d\ude00");
    }
  }

  private void write(String text) {
    step.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
