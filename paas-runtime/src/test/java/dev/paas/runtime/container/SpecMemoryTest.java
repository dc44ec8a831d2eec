package dev.paas.runtime.container;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.contract.runtime.InstanceSpec;
import org.junit.jupiter.api.Test;

final class SpecMemoryTest {

  private static final InstanceSpec SPEC =
      InstanceSpec.newBuilder().addArgv("x".repeat(1000)).build();

  private final SpecMemory memory = new SpecMemory(2L * SPEC.getSerializedSize());

  @Test
  void specsAreTakenUpToTheBoundAndNoFurther() {
    memory.take(SPEC);
    memory.take(SPEC);
    assertThatThrownBy(() -> memory.take(SPEC))
        .isInstanceOf(PaasException.class)
        .hasMessageContaining("more than this host keeps");
  }

  @Test
  void aRefusedSpecTakesNothingAndAFreedOneMakesRoom() {
    memory.take(SPEC);
    memory.take(SPEC);
    assertThatThrownBy(() -> memory.take(SPEC)).isInstanceOf(PaasException.class);
    memory.free(SPEC);
    assertThatCode(() -> memory.take(SPEC)).doesNotThrowAnyException();
  }

  @Test
  void anInstanceThatIsThereGoesOnBeyondTheBound() {
    memory.take(SPEC);
    memory.take(SPEC);
    memory.adopt(SPEC);
    memory.free(SPEC);
    assertThatThrownBy(() -> memory.take(SPEC)).isInstanceOf(PaasException.class);
  }
}
