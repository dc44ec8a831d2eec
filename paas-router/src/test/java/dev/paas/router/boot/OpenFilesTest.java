package dev.paas.router.boot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OpenFilesTest {

  private static String limits(String soft) {
    return "Limit                     Soft Limit           Hard Limit           Units     \n"
        + "Max open files            "
        + soft
        + "                 4096                 files     \n";
  }

  @Test
  void connectionsFitTheLimitOfOpenFilesTwice() {
    assertThat(OpenFiles.connections(10_000, limits("256"))).isEqualTo(48);
    assertThat(OpenFiles.connections(10, limits("256"))).isEqualTo(10);
    assertThat(OpenFiles.connections(10, limits("unlimited"))).isEqualTo(10);
  }
}
