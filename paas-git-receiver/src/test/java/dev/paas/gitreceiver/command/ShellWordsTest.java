package dev.paas.gitreceiver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import org.junit.jupiter.api.Test;

class ShellWordsTest {

  @Test
  void blanksSeparateWords() {
    assertThat(ShellWords.split("  apps\tinfo  shop ")).containsExactly("apps", "info", "shop");
  }

  @Test
  void nothingIsNoWord() {
    assertThat(ShellWords.split(" ")).isEmpty();
  }

  @Test
  void quotesKeepBlanksAndEmptyWords() {
    assertThat(ShellWords.split("a 'b c' \"d \\\"e\\\" f\" '' g\\ h"))
        .containsExactly("a", "b c", "d \"e\" f", "", "g h");
  }

  @Test
  void nothingIsExpandedOrRun() {
    assertThat(ShellWords.split("git-receive-pack '../x';id $(id) `id` *"))
        .containsExactly("git-receive-pack", "../x;id", "$(id)", "`id`", "*");
  }

  @Test
  void anOpenQuoteIsRefused() {
    PaasException refused =
        catchThrowableOfType(PaasException.class, () -> ShellWords.split("run 'a"));
    assertThat(refused.problem().code()).isEqualTo("ssh.open-quote");
  }
}
