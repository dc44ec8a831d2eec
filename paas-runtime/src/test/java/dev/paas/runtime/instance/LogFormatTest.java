package dev.paas.runtime.instance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.LogLine;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LogFormatTest {

  private final LogFormat format = new LogFormat(InstanceId.newBuilder().setApp("shop").build());

  private Optional<LogLine> line(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return format.line(bytes, 0, bytes.length);
  }

  @Test
  void partsBecomeOneLineOfTheirStream() {
    assertThat(line("2026-11-23T21:00:00.000000001+00:00 stdout P one ")).isEmpty();
    assertThat(line("2026-11-23T21:00:00.000000002+00:00 stderr F other").map(LogLine::getText))
        .contains("other");
    LogLine whole = line("2026-11-23T21:00:00.000000003+00:00 stdout F two").orElseThrow();
    assertThat(whole.getText()).isEqualTo("one two");
    assertThat(whole.getStderr()).isFalse();
    assertThat(whole.getAtNanos() % 1_000_000_000L).isEqualTo(3);
  }

  @Test
  void emptyLinesAreLines() {
    assertThat(line("2026-11-23T21:00:00.000000001+00:00 stdout F ").map(LogLine::getText))
        .contains("");
  }

  @Test
  void whatIsNotInTheFormatIsSkipped() {
    assertThat(line("")).isEmpty();
    assertThat(line("no time here")).isEmpty();
    assertThat(line("yesterday stdout F text")).isEmpty();
  }
}
