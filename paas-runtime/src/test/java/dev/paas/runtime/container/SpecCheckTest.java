package dev.paas.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.Limits;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SpecCheckTest {

  private static InstanceSpec.Builder good() {
    return InstanceSpec.newBuilder().setImage("sha256:" + "0".repeat(64)).putEnv("A", "b");
  }

  static Stream<InstanceSpec> hostile() {
    return Stream.of(
        good().setImage("../../etc").build(),
        good().setImage("debian:latest").build(),
        good().putEnv("A=B", "c").build(),
        good().putEnv("", "c").build(),
        good().putEnv("A", "b\0c").build(),
        good().addArgv("x".repeat(200_000)).build(),
        good().setPort(70_000).build(),
        good().setPort(-1).build(),
        good().setLimits(Limits.newBuilder().setMemoryBytes(-1)).build(),
        good().setLimits(Limits.newBuilder().setMemoryBytes(4096)).build(),
        good().setLimits(Limits.newBuilder().setPids(-5)).build(),
        good().setLimits(Limits.newBuilder().setCpuMillis(-5)).build());
  }

  @ParameterizedTest
  @MethodSource("hostile")
  void hostileSpecsAreRefused(InstanceSpec spec) {
    assertThatThrownBy(() -> SpecCheck.check(spec)).isInstanceOf(PaasException.class);
  }

  @Test
  void validSpecPasses() {
    assertThatCode(() -> SpecCheck.check(good().build())).doesNotThrowAnyException();
  }

  @Test
  void secretsAreNotRepeated() {
    InstanceSpec spec = good().putEnv("TOKEN", "hunter2\0").build();
    assertThatThrownBy(() -> SpecCheck.check(spec))
        .hasMessageContaining("TOKEN")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void identityOutsideOfItsNamesIsRefused() {
    InstanceId id = InstanceId.newBuilder().setApp("../x").setProcess("web").setSlot(1).build();
    assertThatThrownBy(() -> InstanceIds.name(id)).isInstanceOf(PaasException.class);
    InstanceId good =
        InstanceId.newBuilder().setApp("shop").setProcess("web").setRelease(3).setSlot(1).build();
    assertThat(InstanceIds.name(good).toString()).isEqualTo("shop.web.v3.1.g0");
    assertThat(InstanceIds.name(good).hostname()).isEqualTo("web-1");
  }
}
