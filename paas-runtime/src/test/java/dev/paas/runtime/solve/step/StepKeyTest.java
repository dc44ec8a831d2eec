package dev.paas.runtime.solve.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.runtime.content.Sha256;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StepKeyTest {

  @Test
  void equalValuesAreAnEqualKey() {
    assertThat(new StepKey("exec").add("a").add(List.of("b", "c")).finish())
        .isEqualTo(new StepKey("exec").add("a").add(List.of("b", "c")).finish());
  }

  @Test
  void bordersBetweenValuesCount() {
    assertThat(new StepKey("exec").add("ab").add("c").finish())
        .isNotEqualTo(new StepKey("exec").add("a").add("bc").finish());
    assertThat(new StepKey("exec").add(List.of("a")).add(List.of()).finish())
        .isNotEqualTo(new StepKey("exec").add(List.of()).add(List.of("a")).finish());
  }

  @Test
  void operationAndInputCount() {
    Rootfs other = new Rootfs(List.of(Sha256.of("layer")));
    assertThat(new StepKey("copy").add(Rootfs.EMPTY).finish())
        .isNotEqualTo(new StepKey("exec").add(Rootfs.EMPTY).finish())
        .isNotEqualTo(new StepKey("copy").add(other).finish());
  }

  @Test
  void stepsOfDifferentScopesAreDifferentAndThoseOfNoneAreAsBefore() {
    for (String operation : List.of("exec", "copy", "copy-by-layers", "make-dir")) {
      Sha256 anns = new StepKey(operation, "ann").add("a").finish();
      assertThat(anns).isEqualTo(new StepKey(operation, "ann").add("a").finish());
      assertThat(anns).isNotEqualTo(new StepKey(operation, "bob").add("a").finish());
      assertThat(anns).isNotEqualTo(new StepKey(operation).add("a").finish());
      assertThat(new StepKey(operation, "").add("a").finish())
          .isEqualTo(new StepKey(operation).add("a").finish());
    }
  }
}
