package dev.paas.runtime.tar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SafePathTest {

  @Test
  void slashesAndDotsSayNothing() {
    assertThat(SafePath.of("./a//b/./c/")).isEqualTo("a/b/c");
    assertThat(SafePath.of("/etc/passwd")).isEqualTo("etc/passwd");
    assertThat(SafePath.of("./")).isEmpty();
    assertThat(SafePath.of("..a/b..")).isEqualTo("..a/b..");
  }

  @ParameterizedTest
  @ValueSource(strings = {"..", "../x", "a/../b", "a/..", "/../x", "a/\0/b"})
  void climbingIsRefusedEvenWhereItWouldStayInside(String path) {
    assertThatThrownBy(() -> SafePath.of(path)).hasMessageContaining("image.unsafe-entry");
  }

  @Test
  void lengthAndDepthAreBounded() {
    assertThatThrownBy(() -> SafePath.of("n".repeat(256))).hasMessageContaining("unsafe");
    assertThatThrownBy(() -> SafePath.of("a/".repeat(257))).hasMessageContaining("unsafe");
    assertThatThrownBy(() -> SafePath.of("aaaa/".repeat(900))).hasMessageContaining("unsafe");
  }
}
