package dev.paas.runtime.solve.copy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DestinationPathTest {

  @Test
  void climbingStopsAtTheRoot() {
    assertThat(DestinationPath.clean("../../etc/passwd")).isEqualTo("etc/passwd");
    assertThat(DestinationPath.clean("/a/./b//c/../d/")).isEqualTo("a/b/d");
    assertThat(DestinationPath.clean("/")).isEmpty();
    assertThat(DestinationPath.clean(".")).isEmpty();
  }
}
