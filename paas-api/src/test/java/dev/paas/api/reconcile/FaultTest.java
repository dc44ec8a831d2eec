package dev.paas.api.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultTest {

  @ParameterizedTest
  @EnumSource(FaultPoint.class)
  void everyPointCanBeWritten(FaultPoint point) {
    assertThat(Fault.parse(point.label() + ":crash"))
        .isEqualTo(new Fault(point, Fault.Effect.CRASH, 0, 1));
    assertThat(Fault.parse(point.label() + ":throw"))
        .isEqualTo(new Fault(point, Fault.Effect.THROW, 0, 1));
    assertThat(Fault.parse(point.label() + ":delay:250"))
        .isEqualTo(new Fault(point, Fault.Effect.DELAY, 250, 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "push.accepted",
        "push.accepted:melt",
        "push.nowhere:crash",
        "run.started:delay"
      })
  void whatIsNoFaultIsRefusedWithTheKnownPoints(String text) {
    assertThatThrownBy(() -> Fault.parse(text))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo("settings.bad-fault");
              assertThat(refused.problem().fix()).contains("push.refs-moved");
            });
  }

  @Test
  void aFaultThatIsWantedSeveralTimesSaysWhatIsLeftOfIt() {
    Fault thrice = Fault.parse("run.healthy:throw:3");
    assertThat(thrice.rest()).hasValue("run.healthy:throw:2");
    assertThat(Fault.parse("run.healthy:overflow:1").rest()).isEmpty();
  }

  @Test
  void anOverflowAndAnErrorAreNoExceptions() {
    assertThatThrownBy(() -> Fault.parse("run.healthy:overflow").happen())
        .isInstanceOf(StackOverflowError.class);
    assertThatThrownBy(() -> Fault.parse("run.healthy:error").happen())
        .isInstanceOf(LinkageError.class);
  }

  @Test
  void aFaultThatThrowsIsABugToItsCaller() {
    assertThatThrownBy(() -> Fault.parse("run.healthy:throw").happen())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("run.healthy");
  }
}
