package dev.paas.runtime.linux.file;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RawPathTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "a/b", "é", "日本", "a\u0000b", "\uD83D\uDE00/x"})
  void textsComeBackAsTheyWere(String text) {
    assertThat(RawPath.text(RawPath.of(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "a\u00ffb,a\\xffb",
    "\u00e9,\\xe9",
    "\u00c3\u00a9\u00c3,é\\xc3",
    "\u00ff\u00fe,\\xff\\xfe"
  })
  void bytesThatAreNoTextAreWrittenOut(String raw, String shown) {
    assertThat(RawPath.text(raw)).isEqualTo(shown);
  }

  @Test
  void twoNamesAreNeverShownAlikeBecauseOfBytesThatAreNoText() {
    assertThat(RawPath.text("\u00fe")).isNotEqualTo(RawPath.text("\u00ff"));
  }
}
