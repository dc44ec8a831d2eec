package dev.paas.runtime.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.paas.base.problem.PaasException;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.contract.runtime.Terminal;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SessionCheckTest {

  private static StartSessionRequest.Builder run() {
    return StartSessionRequest.newBuilder()
        .setId("r1")
        .setRun(InstanceSpec.newBuilder().setImage("sha256:" + "0".repeat(64)));
  }

  private static StartSessionRequest.Builder exec() {
    return StartSessionRequest.newBuilder()
        .setId("e1")
        .setInside(InstanceId.newBuilder().setApp("shop"))
        .addArgv("true");
  }

  static Stream<StartSessionRequest.Builder> hostile() {
    return Stream.of(
        run().setId(""),
        run().setId("../x"),
        run().clearRun(),
        exec().clearArgv(),
        exec().addArgv("x".repeat(200_000)),
        exec().putEnv("A=B", "c"),
        exec().putEnv("", "c"),
        run().putEnv("A", "b\0c"),
        run().putEnv("A", "x".repeat(200_000)),
        run().putEnv("", "c"),
        run().setLimitSeconds(-1),
        run().setUnattendedSeconds(-1),
        exec().setTerminal(Terminal.newBuilder().setColumns(80)));
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void whatCantBeIsRefusedWithWhatToDo(StartSessionRequest.Builder request) {
    PaasException refused =
        catchThrowableOfType(PaasException.class, () -> SessionCheck.check(request.build()));
    assertThat(refused.problem().fix()).isNotEmpty().doesNotContain("Procfile");
  }

  @Test
  void whatCanBePasses() {
    assertThatCode(() -> SessionCheck.check(run().putEnv("TERM", "xterm").build()))
        .doesNotThrowAnyException();
    assertThatCode(() -> SessionCheck.check(exec().putEnv("TERM", "xterm").build()))
        .doesNotThrowAnyException();
  }
}
