package dev.paas.api.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
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
  void endlessLineIsCut() {
    write("x".repeat(StepLines.MAX_LINE + 100) + "\n");

    assertThat(lines).singleElement().asString().hasSize(StepLines.MAX_LINE);
  }

  private void write(String text) {
    step.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
