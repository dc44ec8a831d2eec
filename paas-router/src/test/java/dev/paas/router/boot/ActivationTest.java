package dev.paas.router.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.ListenAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ActivationTest {

  private static List<InetSocketAddress> at(String... addresses) {
    return Stream.of(addresses).map(text -> ListenAddress.parse(text).resolved()).toList();
  }

  @Test
  void socketsThatWereHandedToThisProcessAreTaken() {
    assertThat(Activation.descriptors(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "1"), 7))
        .containsExactly(3);
    assertThat(Activation.descriptors(Map.of("LISTEN_PID", "7", "LISTEN_FDS", "3"), 7))
        .containsExactly(3, 4, 5);
  }

  @Test
  void socketsThatWereHandedToAParentAreLeftAlone() {
    assertThat(Activation.descriptors(Map.of("LISTEN_PID", "6", "LISTEN_FDS", "1"), 7)).isEmpty();
    assertThat(Activation.descriptors(Map.of(), 7)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "two", "99999"})
  void whatIsNotANumberOfSocketsIsNone(String count) {
    assertThat(Activation.descriptors(Map.of("LISTEN_PID", "7", "LISTEN_FDS", count), 7)).isEmpty();
  }

  @Test
  void socketsAtTheAddressesOfTheSettingsAreServedInAnyOrder() {
    assertThatCode(() -> Activation.check(at("127.0.0.1:80"), at("127.0.0.1:80")))
        .doesNotThrowAnyException();
    assertThatCode(
            () ->
                Activation.check(
                    at("127.0.0.1:80", "[::1]:80"), at("[0:0:0:0:0:0:0:1]:80", "127.0.0.1:80")))
        .doesNotThrowAnyException();
  }

  @Test
  void socketsAtOlderAddressesAreRefused() {
    refuses(at("127.0.0.1:80"), at("127.0.0.1:81"), "127.0.0.1:80");
    refuses(at("127.0.0.1:80", "[::1]:80"), at("127.0.0.1:80"), "127.0.0.1:80, [::1]:80");
    refuses(at("127.0.0.1:80"), at("127.0.0.1:80", "127.0.0.1:81"), "127.0.0.1:80");
  }

  private static void refuses(
      List<InetSocketAddress> wanted, List<InetSocketAddress> held, String value) {
    assertThatThrownBy(() -> Activation.check(wanted, held))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo("router.other-socket");
              assertThat(refused.problem().value()).isEqualTo(value);
            });
  }
}
