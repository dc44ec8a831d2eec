package dev.paas.cli.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.cli.command.UsageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageRunTest {

  @ParameterizedTest
  @CsvSource({"512,512", "1b,1", "4k,4096", "256m,268435456", "2G,2147483648"})
  void memoryIsReadAsDockerReadsIt(String text, long bytes) {
    assertThat(ImageRun.bytes(text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({"1,1000", "0.5,500", ".25,250", "2.125,2125"})
  void coresAreReadAsDockerReadsThem(String text, int millis) {
    assertThat(ImageRun.millis(text)).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-1", "1.5g", "many", "1t", "9999999999999999999", "999999999999g"})
  void whatIsNoAmountIsRefused(String text) {
    assertThatThrownBy(() -> ImageRun.bytes(text)).isInstanceOf(UsageException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "0", "-1", "1e3", "0.0001"})
  void whatIsNoNumberOfCoresIsRefused(String text) {
    assertThatThrownBy(() -> ImageRun.millis(text)).isInstanceOf(UsageException.class);
  }

  @Test
  void withoutAnImageItIsNotAskedFor() {
    assertThat(new ImageRun().isAsked()).isFalse();
  }
}
