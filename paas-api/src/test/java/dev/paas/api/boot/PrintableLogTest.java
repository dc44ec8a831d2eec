package dev.paas.api.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PrintableLogTest {

  @Test
  void charactersOfOthersDoNotActAndTheirLinesAreNoRecords() {
    assertThat(
            PrintableLog.printable("10:00 WARN bad name a\u001b[2J\r\u202eb\n10:00 INFO forged\n"))
        .isEqualTo("10:00 WARN bad name a\\u001b[2J\\u000d\\u202eb\n\t10:00 INFO forged\n");
  }

  @Test
  void whatIsPrintableStays() {
    assertThat(PrintableLog.printable("10:00 INFO [Apps] app=shöp\tcreated\n"))
        .isEqualTo("10:00 INFO [Apps] app=shöp\tcreated\n");
  }
}
