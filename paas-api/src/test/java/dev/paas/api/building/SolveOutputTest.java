package dev.paas.api.building;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.buildvars.Mask;
import dev.paas.base.name.AppName;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.SolveEvent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SolveOutputTest {

  private static final BuildId BUILD = new BuildId(new AppName("shop"), 7);
  private static final Mask NOTHING = new Mask(List.of());

  @TempDir Path folder;

  private static SolveEvent output(String node, boolean stderr, byte[] bytes, int from, int to) {
    return SolveEvent.newBuilder()
        .setOutput(
            SolveEvent.StepOutput.newBuilder()
                .setNode(node)
                .setStderr(stderr)
                .setData(ByteString.copyFrom(bytes, from, to - from)))
        .build();
  }

  private static SolveEvent output(String node, boolean stderr, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return output(node, stderr, bytes, 0, bytes.length);
  }

  private String printed(BuildOutput output) {
    return new String(output.read(BUILD, 0, 1 << 20), StandardCharsets.UTF_8);
  }

  @Test
  void streamsAndStepsDoNotMixInALine() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines = new SolveOutput(output, BUILD, NOTHING);
    byte[] euro = "5 \u20ac".getBytes(StandardCharsets.UTF_8);
    lines.take(output("a", false, euro, 0, 3));
    lines.take(output("a", true, "warning"));
    lines.take(output("b", false, "other\n"));
    lines.take(output("a", true, ": old\n"));
    lines.take(output("a", false, euro, 3, euro.length));
    lines.take(output("a", true, "no newline"));
    lines.take(
        SolveEvent.newBuilder()
            .setFinished(SolveEvent.StepFinished.newBuilder().setNode("a"))
            .build());

    assertThat(printed(output))
        .isEqualTo("       other\n       warning: old\n       5 \u20ac\n       no newline\n");
  }

  @Test
  void whatIsSecretIsHiddenInEachLineThatHasIt() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines =
        new SolveOutput(output, BUILD, new Mask(List.of("-----BEGIN\nabcdef\n", "abcdefgh", "x")));
    lines.take(output("a", false, "x is abcdefgh"));
    lines.take(output("a", false, ", not abcdef\n-----BEGIN"));
    lines.end();

    assertThat(printed(output)).isEqualTo("       x is ***, not ***\n       ***\n");
  }

  @Test
  void lastWordsOfAStepThatFailedAreShown() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines = new SolveOutput(output, BUILD, NOTHING);
    lines.take(output("a", false, "out"));
    lines.take(output("a", true, "err"));
    lines.end();

    assertThat(printed(output).lines()).containsExactlyInAnyOrder("       out", "       err");
  }

  @Test
  void aStepIsTitledOnceHoweverOftenItWrites() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines = new SolveOutput(output, BUILD, NOTHING);
    lines.take(started("a", "RUN make"));
    lines.take(output("a", false, "one\n"));
    lines.take(output("a", true, "two\n"));
    lines.take(finished("a", "RUN make", false, 99));

    assertThat(printed(output)).isEqualTo("-----> RUN make\n       one\n       two\n");
  }

  @Test
  void aStepThatTookAWhileIsTimed() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines = new SolveOutput(output, BUILD, NOTHING);
    lines.take(started("a", "RUN make"));
    lines.take(finished("a", "RUN make", false, 100));
    lines.take(started("b", "RUN test"));
    lines.take(finished("b", "RUN test", false, 61_260));

    assertThat(printed(output))
        .isEqualTo("-----> RUN make\n       (0.1 s)\n-----> RUN test\n       (61.3 s)\n");
  }

  @Test
  void aCachedStepIsTitledThoughItNeverStarted() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines = new SolveOutput(output, BUILD, NOTHING);
    lines.take(finished("a", "RUN make", true, 500));

    assertThat(printed(output)).isEqualTo("-----> RUN make\n       (cached)\n");
  }

  @Test
  void stepsAtTheSameTimeAreTitledAgainWhenTheyEnd() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines = new SolveOutput(output, BUILD, NOTHING);
    lines.take(started("a", "RUN make"));
    lines.take(started("b", "RUN test"));
    lines.take(finished("a", "RUN make", false, 2000));

    assertThat(printed(output))
        .isEqualTo("-----> RUN make\n-----> RUN test\n-----> RUN make\n       (2.0 s)\n");
  }

  @Test
  void aStepWithoutATitleIsNotTold() {
    BuildOutput output = new BuildOutput(folder);
    SolveOutput lines = new SolveOutput(output, BUILD, NOTHING);
    lines.take(started("a", ""));
    lines.take(finished("a", "", true, 5000));

    assertThat(printed(output)).isEmpty();
  }

  @Test
  void theImageIsWhatWasToldLast() {
    SolveOutput lines = new SolveOutput(new BuildOutput(folder), BUILD, NOTHING);
    assertThat(lines.image()).isEmpty();
    Image image = Image.newBuilder().setDigest("sha256:1").build();
    lines.take(SolveEvent.newBuilder().setImage(image).build());
    assertThat(lines.image()).hasValue(image);
  }

  private static SolveEvent started(String node, String title) {
    return SolveEvent.newBuilder()
        .setStarted(SolveEvent.StepStarted.newBuilder().setNode(node).setTitle(title))
        .build();
  }

  private static SolveEvent finished(String node, String title, boolean cached, long millis) {
    return SolveEvent.newBuilder()
        .setFinished(
            SolveEvent.StepFinished.newBuilder()
                .setNode(node)
                .setTitle(title)
                .setCached(cached)
                .setMillis(millis))
        .build();
  }
}
