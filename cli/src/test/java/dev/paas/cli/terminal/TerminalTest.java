package dev.paas.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class TerminalTest {

  @Test
  void whatOthersWroteCannotDriveATerminal() {
    assertThat(terminal(true).safe("a\u001b[31mred\u001b[0m\u001b[2J\rb\u202ec"))
        .isEqualTo("a\u001b[31mred\u001b[0m\\u001b[2J\\u000db\\u202ec");
  }

  @Test
  void pipesGetTheBytesAsTheyAre() {
    assertThat(terminal(true).safe(new String(Character.toChars(0xe0041)) + "\u2028😀"))
        .isEqualTo("\\udb40\\udc41\\u2028😀");
    assertThat(terminal(false).safe("a\u001b[2J")).isEqualTo("a\u001b[2J");
  }

  private static Terminal terminal(boolean watched) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    return new Terminal(InputStream.nullInputStream(), nowhere, nowhere, false, watched, false);
  }
}
