package dev.paas.runtime.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.disk.DurableFile;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LivesIT {

  @TempDir Path folder;

  private Lives life(String boot) {
    return new Lives(new DurableFile(folder.resolve("lives")), boot);
  }

  @Test
  void onlyAnEndThatNobodyAskedForIsADeath() throws IOException {
    assertThat(life("a").begin()).as("the first life").isZero();
    assertThat(life("a").begin()).as("after a death").isEqualTo(1);
    Lives told = life("a");
    assertThat(told.begin()).as("after another").isEqualTo(2);
    told.end();
    assertThat(life("a").begin()).as("after an orderly stop").isEqualTo(2);
    assertThat(life("b").begin()).as("after a boot of the host").isEqualTo(2);
    assertThat(life("b").begin()).as("after a death").isEqualTo(3);
  }

  @Test
  void whatIsNotReadableIsNoDeath() throws IOException {
    for (String text : new String[] {"", "x y z", "1 a", "99999999999999999999 a lives"}) {
      new DurableFile(folder.resolve("lives")).write(text);
      assertThat(life("a").begin()).as(text).isZero();
    }
  }
}
