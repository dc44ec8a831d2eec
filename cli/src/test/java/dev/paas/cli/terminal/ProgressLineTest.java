package dev.paas.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

final class ProgressLineTest {

  private static final String CLEARED = "\r\u001b[K";

  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private ProgressLine line(boolean interactive) {
    return new ProgressLine(
        new Terminal(
            InputStream.nullInputStream(),
            new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
            new PrintStream(err, true, UTF_8),
            interactive,
            interactive,
            false));
  }

  @Test
  void whoeverIsLateDrawsNothingOnceItIsClosed() {
    for (boolean interactive : new boolean[] {true, false}) {
      ProgressLine line = line(interactive);
      line.close();
      line.show("copying", 1, 2);
    }
    assertThat(err.toString(UTF_8)).isEmpty();
  }

  @Test
  void whatIsToldStandsAboveIt() {
    ProgressLine line = line(true);
    line.show("copying", 512, 1024);
    line.tell("left out: a");
    line.above().print("tar: b\n");
    line.show("copying", 1024, 1024);
    line.above().print("tar: c\n");
    line.close();
    assertThat(err.toString(UTF_8))
        .isEqualTo(
            CLEARED
                + "       copying  512B of 1K  50 %"
                + CLEARED
                + "left out: a\ntar: b\n"
                + CLEARED
                + "       copying  1K of 1K  100 %"
                + CLEARED
                + "tar: c\n");
  }

  @Test
  void aPipeGetsEachStepOnce() {
    ProgressLine line = line(false);
    line.show("copying", 1, 3);
    line.show("copying", 2, 3);
    line.tell("left out: a");
    line.show("copying", 3, 3);
    line.close();
    assertThat(err.toString(UTF_8)).isEqualTo("       copying\nleft out: a\n");
  }
}
