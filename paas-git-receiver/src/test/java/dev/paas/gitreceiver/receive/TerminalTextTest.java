package dev.paas.gitreceiver.receive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TerminalTextTest {

  @Test
  void coloursAndTabsPass() {
    assertThat(TerminalText.clean("\u001b[1;32mok\u001b[m\tdone"))
        .isEqualTo("\u001b[1;32mok\u001b[m\tdone");
  }

  @Test
  void everythingElseThatMovesATerminalIsEscaped() {
    assertThat(TerminalText.clean("\u001b[2Ja\u001b]0;title\u0007b\rc\u202ed\u001b["))
        .isEqualTo("\\u001b[2Ja\\u001b]0;title\\u0007b\\u000dc\\u202ed\\u001b[");
    String tag = new String(Character.toChars(0xe0041));
    assertThat(TerminalText.clean("a" + tag + "\u2028😀")).isEqualTo("a\\udb40\\udc41\\u2028😀");
  }
}
