package dev.paas.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What conmon 2.1.6 answers, and what it leaves unsaid (docs/decisions/030). */
final class MonitorAnswerTest {

  @Test
  void theReasonIsReadFromWhatTheRuntimeSaid() {
    Monitor.Answer answer =
        Monitor.Answer.of(
            "{\"data\": -1, \"message\": \"executable file `x` not found in $PATH\\n\" }");
    assertThat(answer).isEqualTo(new Monitor.Answer(-1, "executable file `x` not found in $PATH"));
    assertThat(answer.isNotExecuted(false, false)).isTrue();
    assertThat(NotExecuted.because(answer.why()).code()).isEqualTo(127);
  }

  @Test
  void aProcessWasExecuted() {
    Monitor.Answer answer = Monitor.Answer.of("{\"pid\": 4711 }");
    assertThat(answer.pid()).isEqualTo(4711);
    assertThat(answer.isNotExecuted(true, true)).isFalse();
  }

  @Test
  void silenceMeansACommandThatCantBeExecutedAtATerminalAlone() {
    Monitor.Answer nothing = Monitor.Answer.of("");
    assertThat(nothing.isNotExecuted(true, false)).isTrue();
    assertThat(nothing.isNotExecuted(false, false)).as("the monitor has died").isFalse();
    assertThat(nothing.isNotExecuted(true, true)).as("after it had made a process").isFalse();
    assertThat(Monitor.Answer.of("{\"data\": -1 }").isNotExecuted(false, false)).isFalse();
  }

  @Test
  void anotherReasonIsNotTheCommands() {
    assertThat(
            Monitor.Answer.of("{\"data\": -1, \"message\": \"write: No space left on device\"}")
                .isNotExecuted(false, false))
        .isFalse();
  }
}
