package dev.paas.api.push;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LinesTest {

  @Test
  void linesAreTheSameWhereverTheOutputIsCutAndTheLastNeedsNoNewline() {
    String output = "one\n\n  żółw 🐢\nno newline: ż";
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    for (int first = 0; first <= bytes.length; first++) {
      for (int second = first; second <= bytes.length; second++) {
        assertThat(handed(bytes, first, second)).containsExactly(output.split("\n"));
      }
    }
  }

  @Test
  void nothingComesAfterALastNewline() {
    assertThat(handed("one\n".getBytes(StandardCharsets.UTF_8), 2, 3)).containsExactly("one");
    assertThat(handed(new byte[0], 0, 0)).isEmpty();
  }

  private static List<String> handed(byte[] bytes, int first, int second) {
    List<String> lines = new ArrayList<>();
    Lines handing = new Lines(lines::add);
    handing.add(Arrays.copyOfRange(bytes, 0, first));
    handing.add(Arrays.copyOfRange(bytes, first, second));
    handing.add(Arrays.copyOfRange(bytes, second, bytes.length));
    handing.end();
    return lines;
  }
}
