package dev.paas.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TableTest {

  @Test
  void columnsAreAsWideAsTheirWidestCell() {
    assertThat(print(new Table("NAME", "STATE").row("web.1", "running").row("worker.10", "")))
        .isEqualTo("NAME       STATE\nweb.1      running\nworker.10  -\n");
  }

  @Test
  void noLineIsWiderThanEightyCharacters() {
    String table =
        print(new Table("NAME", "URL", "TEXT").row("shop", "u".repeat(70), "t".repeat(90)));
    assertThat(table.lines()).allMatch(line -> line.length() <= Table.WIDTH).hasSize(2);
    assertThat(table).contains("shop  u").contains("…");
  }

  @Test
  void cellIsNotCutWithinACharacter() {
    String even = print(new Table("A", "B").row("\ud83d\ude00".repeat(90), "b"));
    String odd = print(new Table("A", "B").row("x" + "\ud83d\ude00".repeat(90), "b"));
    assertThat(even + odd).contains("\ud83d\ude00…").doesNotContain("?");
  }

  @Test
  void nothingIsASentence() {
    assertThat(print(new Table("NAME"))).isEqualTo("Nothing.\n");
  }

  @Test
  void controlCharactersDoNotBreakTheTable() {
    assertThat(print(new Table("A").row("x\n\u001b[2J"))).isEqualTo("A\nx  [2J\n");
  }

  private static String print(Table table) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    table.print(new PrintStream(out, true, StandardCharsets.UTF_8), "Nothing.");
    return out.toString(StandardCharsets.UTF_8);
  }
}
