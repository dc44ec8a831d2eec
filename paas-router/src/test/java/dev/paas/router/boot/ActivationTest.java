package dev.paas.router.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ActivationTest {

  @Test
  void aSocketThatWasHandedToThisProcessIsTaken() {
    assertThat(Activation.descriptor(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "1"), 7)).hasValue(3);
  }

  @Test
  void aSocketThatWasHandedToAParentIsLeftAlone() {
    assertThat(Activation.descriptor(Map.of("LISTEN_PID", "6", "LISTEN_FDS", "1"), 7)).isEmpty();
    assertThat(Activation.descriptor(Map.of(), 7)).isEmpty();
  }

  @Test
  void aSocketAtAnOlderAddressIsRefused() {
    InetSocketAddress wanted = new InetSocketAddress(InetAddress.getLoopbackAddress(), 80);
    assertThatCode(
            () ->
                Activation.check(
                    wanted, new InetSocketAddress(InetAddress.getLoopbackAddress(), 80)))
        .doesNotThrowAnyException();
    assertThatThrownBy(
            () ->
                Activation.check(
                    wanted, new InetSocketAddress(InetAddress.getLoopbackAddress(), 81)))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> assertThat(refused.problem().code()).isEqualTo("router.other-socket"));
  }
}
