package dev.paas.router.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostNameTest {

  @ParameterizedTest
  @CsvSource({
    "shop.example.org, shop.example.org",
    "SHOP.Example.ORG, shop.example.org",
    "shop.example.org:8080, shop.example.org",
    "shop.example.org., shop.example.org",
    "shop.example.org.:80, shop.example.org",
    "shop.example.org:, shop.example.org",
    "localhost, localhost",
    "my_app.test, my_app.test",
    "10.0.0.1:80, 10.0.0.1",
    "[::1]:80, [::1]",
    "[2001:DB8::1], [2001:db8::1]"
  })
  void aHostHasOneForm(String authority, String name) {
    assertThat(HostName.of(authority)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        ":80",
        "a..b",
        "-a.test",
        "a-.test",
        "a b",
        "a/b",
        "a@b",
        "a:b",
        "a:123456",
        "a:8:9",
        "[::1",
        "::1",
        "[]",
        "[x]",
        "[::1]a",
        "[::1]a:80",
        "ä.test",
        "*.test",
        "a.test..",
        "a%2e"
      })
  void whatIsNoHostIsRefused(String authority) {
    assertThat(HostName.of(authority)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*.example.org", "a.b", "xn--nxasmq6b.test"})
  void tablesNameHostsAndWildcards(String host) {
    assertThat(HostName.isRoutable(host)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "*.", "a.*.b", "**.a", "A.b", "a:80", "a.", "*a.b"})
  void otherFormsAreNotRoutable(String host) {
    assertThat(HostName.isRoutable(host)).isFalse();
  }
}
