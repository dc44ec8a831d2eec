package dev.paas.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressRangeTest {

  @Test
  void firstAddressIsTheGatewayAndTheLastIsForNobody() {
    AddressRange range = AddressRange.parse("10.214.100.0/22");
    assertThat(range.gateway().getHostAddress()).isEqualTo("10.214.100.1");
    assertThat(range.address(1022).getHostAddress()).isEqualTo("10.214.103.254");
    assertThatThrownBy(() -> range.address(1023)).isInstanceOf(IllegalArgumentException.class);
    assertThat(range).hasToString("10.214.100.0/22");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.214.0.0/15",
        "10.214.0.0/25",
        "10.214.1.0/16",
        "10.256.0.0/16",
        "fd00::/64",
        ""
      })
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(PaasException.class);
  }
}
