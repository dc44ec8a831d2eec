package dev.paas.runtime.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HostTrustTest {

  private static final List<String> WITH_A_PASSWORD =
      List.of(
          "http://user:secret@proxy.example:3128",
          "http://user@proxy.example:3128/",
          "https://user:se%40cret@proxy.example",
          "socks5h://u:p@10.0.0.1:1080",
          "user:secret@proxy.example:3128",
          "HTTP://user:secret%40proxy.example:3128",
          "http://:secret@proxy.example");

  @Test
  void noBuildGetsAProxyThatHasAPassword() {
    for (String proxy : WITH_A_PASSWORD) {
      for (String name : List.of("http_proxy", "HTTPS_PROXY", "all_proxy", "NO_PROXY")) {
        assertThat(HostTrust.withheld(Map.of(name, proxy))).as(proxy).containsExactly(name);
      }
    }
  }

  @Test
  void otherProxiesArePassedOn() {
    Map<String, String> environment =
        Map.of(
            "http_proxy", "http://proxy.example:3128/",
            "HTTPS_PROXY", "proxy.example:3128",
            "no_proxy", "localhost,127.0.0.1,.example.org",
            "PATH", "a@b");
    assertThat(HostTrust.withheld(environment)).isEmpty();
  }
}
