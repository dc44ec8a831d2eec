package dev.paas.builder.buildpack.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VersionRangeTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "22.x; true",
        "22; true",
        "22.23; true",
        "22.22; false",
        "20.x; false",
        "*; true",
        "x; true",
        ">=18; true",
        ">= 18; true",
        ">=23; false",
        ">22; false",
        ">21; true",
        "<23; true",
        "<22; false",
        "<=22; true",
        "<=22.23.2; false",
        ">=18 <23; true",
        ">=18.0.0 <=20.99; false",
        "^22; true",
        "^22.23.3; true",
        "^22.23.4; false",
        "^21.0.0; false",
        "~22.23; true",
        "~22.22; false",
        "~22; true",
        "18 || 20 || 22; true",
        "18 || 20; false",
        "18 - 22; true",
        "18 - 21; false",
        "v22.23.3; true",
        "=22.23.3; true",
      })
  void rangesMeanWhatNpmMeans(String range, boolean expected) {
    assertThat(VersionRange.contains(range, "v22.23.3")).contains(expected);
  }

  @Test
  void whatIsNotUnderstoodIsSaid() {
    assertThat(VersionRange.contains("lts/*", "22.0.0")).isEmpty();
    assertThat(VersionRange.contains(">=18", "unknown")).isEmpty();
  }

  @Test
  void caretsOfZeroKeepTheFirstPartThatIsNotZero() {
    assertThat(VersionRange.contains("^0.2.3", "0.2.9")).contains(true);
    assertThat(VersionRange.contains("^0.2.3", "0.3.0")).contains(false);
  }
}
