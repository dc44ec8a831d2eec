package dev.paas.runtime.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.settings.ListenAddress;
import dev.paas.base.settings.ListenAddresses;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RouterDoorTest {

  private static List<String> rules(String... addresses) {
    List<ListenAddress> listened = Stream.of(addresses).map(ListenAddress::parse).toList();
    return RouterDoor.of(new ListenAddresses(listened)).stream().map(RouterDoor::rule).toList();
  }

  @Test
  void anAddressIsOpenAtItsPortAlone() {
    assertThat(rules("192.0.2.7:80", "198.51.100.1:8080"))
        .containsExactly(
            "ip daddr 192.0.2.7 tcp dport 80 accept",
            "ip daddr 198.51.100.1 tcp dport 8080 accept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:80", "[::]:80"})
  void allAddressesAreOpenWhereAllAreListenedAt(String all) {
    assertThat(rules(all)).containsExactly("tcp dport 80 accept");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:80", "[::1]:80", "localhost:80", "[2001:db8::7]:80", "192.0.2.7:0"})
  void whatInstancesCantReachIsNotOpened(String address) {
    assertThat(rules(address, "192.0.2.9:81"))
        .containsExactly("ip daddr 192.0.2.9 tcp dport 81 accept");
  }

  @Test
  void theSameAddressIsOpenedOnce() {
    assertThat(rules("[::]:80", "0.0.0.0:80")).containsExactly("tcp dport 80 accept");
  }
}
