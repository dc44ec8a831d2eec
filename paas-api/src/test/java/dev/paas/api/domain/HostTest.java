package dev.paas.api.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HostTest {

  @Test
  void caseAndTrailingDotDoNotMatter() {
    assertThat(Host.parse(" WWW.Example.COM. ").value()).isEqualTo("www.example.com");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "shop",
        "*.example.com",
        "http://example.com",
        "example.com:80",
        "example.com/x",
        "10.0.0.1",
        "[::1]",
        "-a.example.com",
        "a-.example.com",
        "a..example.com",
        "a_b.example.com",
        "exämple.com",
        "a b.example.com"
      })
  void whatIsNotAHostNameIsRefused(String typed) {
    assertThatThrownBy(() -> Host.parse(typed)).hasMessageContaining("domain.bad-name");
  }

  @Test
  void aNameOfMoreThan253CharactersIsRefused() {
    assertThatThrownBy(() -> Host.parse("a.".repeat(126) + "com"))
        .hasMessageContaining("domain.bad-name");
  }

  @Test
  void theDomainCoversItselfAndWhatIsUnderIt() {
    assertThat(new Host("shop.example.com").isUnder("example.com")).isTrue();
    assertThat(new Host("example.com").isUnder("example.com")).isTrue();
    assertThat(new Host("notexample.com").isUnder("example.com")).isFalse();
  }
}
