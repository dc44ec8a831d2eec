package dev.paas.router.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FieldNamesTest {

  private static final FieldNames NAMES = FieldNames.of("te", "host", "date");

  @Test
  void namesCompareWithoutCase() {
    assertThat(NAMES.has("TE")).isTrue();
    assertThat(NAMES.has("Host")).isTrue();
    assertThat(NAMES.has("date")).isTrue();
  }

  @Test
  void otherNamesAreNotInTheSet() {
    assertThat(NAMES.has("")).isFalse();
    assertThat(NAMES.has("hos")).isFalse();
    assertThat(NAMES.has("etag")).isFalse();
    assertThat(NAMES.has("content-length")).isFalse();
  }
}
