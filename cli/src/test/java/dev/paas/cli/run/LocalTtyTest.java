package dev.paas.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.cli.terminal.Tty.Size;
import org.junit.jupiter.api.Test;

class LocalTtyTest {

  @Test
  void sttySaysRowsBeforeColumns() {
    assertThat(LocalTty.parse("43 132\n")).isEqualTo(new Size(132, 43));
  }

  @Test
  void whatIsNoSizeIsTheUsualOne() {
    for (String odd : new String[] {"0 0", "24", "24 80 7", "a b", "-1 80", "70000 80", ""}) {
      assertThat(LocalTty.parse(odd)).as(odd).isEqualTo(Size.USUAL);
    }
  }
}
