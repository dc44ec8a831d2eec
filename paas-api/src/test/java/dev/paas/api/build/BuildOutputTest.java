package dev.paas.api.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.name.AppName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildOutputTest {

  private static final BuildId BUILD = new BuildId(new AppName("shop"), 7);

  @TempDir Path folder;

  @Test
  void linesHaveTheFormThatPeopleKnow() {
    BuildOutput output = new BuildOutput(folder);
    output.step(BUILD, "RUN make");
    output.detail(BUILD, "made it");
    output.failure(BUILD, "no");
    output.headline(BUILD, "Application deployed:");

    assertThat(text(output, 0))
        .isEqualTo("-----> RUN make\n       made it\n !     no\n=====> Application deployed:\n");
  }

  @Test
  void outputGoesOnAfterARestart() {
    new BuildOutput(folder).step(BUILD, "one");
    BuildOutput later = new BuildOutput(folder);
    later.step(BUILD, "two");

    assertThat(text(later, "-----> one\n".length())).isEqualTo("-----> two\n");
  }

  @Test
  void thoseWhoFollowAreWokenUntilTheyStop() {
    BuildOutput output = new BuildOutput(folder);
    AtomicInteger woken = new AtomicInteger();
    BuildOutput.Subscription following = output.follow(BUILD, woken::incrementAndGet);
    output.step(BUILD, "one");
    output.wake(BUILD);
    following.close();
    output.step(BUILD, "two");

    assertThat(woken).hasValue(2);
  }

  @Test
  void endlessOutputIsCutAndSaysSo() {
    BuildOutput output = new BuildOutput(folder);
    String line = "x".repeat(1 << 20);
    for (int i = 0; i < 10; i++) {
      output.detail(BUILD, line);
    }

    byte[] end = output.read(BUILD, BuildOutput.MAX_BYTES - (1 << 20), 4 << 20);
    assertThat(new String(end, StandardCharsets.UTF_8)).contains("longer than its limit");
    assertThat((long) end.length).isLessThan(2L << 20);
  }

  @Test
  void unknownBuildHasNoOutputAndDeletingItIsNothing() {
    BuildOutput output = new BuildOutput(folder);

    assertThat(text(output, 0)).isEmpty();
    output.delete(new AppName("shop"));
    output.step(BUILD, "one");
    output.delete(new AppName("shop"));
    assertThat(text(output, 0)).isEmpty();
  }

  private static String text(BuildOutput output, long from) {
    return new String(output.read(BUILD, from, 1 << 20), StandardCharsets.UTF_8);
  }
}
