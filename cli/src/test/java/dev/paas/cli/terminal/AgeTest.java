package dev.paas.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AgeTest {

  @ParameterizedTest
  @CsvSource({
    "2026-11-29T10:00:00Z, 0s ago",
    "2026-11-29T10:00:05Z, 0s ago",
    "2026-11-29T09:59:01.5Z, 58s ago",
    "2026-11-29T09:59:00Z, 1m ago",
    "2026-11-29T09:00:01Z, 59m ago",
    "2026-11-29T09:00:00Z, 1h ago",
    "2026-11-28T10:00:01Z, 23h ago",
    "2026-11-28T10:00:00Z, 2026-11-28",
    "'', ''",
    "soon, soon",
  })
  void aTimeIsSaidAsPeopleSayIt(String time, String said) {
    assertThat(Age.of(time, Instant.parse("2026-11-29T10:00:00Z"))).isEqualTo(said);
  }
}
