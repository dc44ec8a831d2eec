package dev.paas.router.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The field of RFC 7239, its examples among them. */
final class ForwardedTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      nullValues = "nothing",
      value = {
        "for=\"_gazonk\" # _gazonk",
        "For=\"[2001:db8:cafe::17]:4711\" # 2001:db8:cafe::17",
        "for=192.0.2.60;proto=http;by=203.0.113.43 # 192.0.2.60",
        "for=192.0.2.43, for=198.51.100.17 # 192.0.2.43 198.51.100.17",
        "for=192.0.2.43,for=\"[2001:db8:cafe::17]\";proto=https # 192.0.2.43 2001:db8:cafe::17+tls",
        "for=192.0.2.43:4711;PROTO=HTTPS # 192.0.2.43+tls",
        "for=\"192.0.2.43:_port\" ; proto=\"https\" ;; ext=\"a, b; c\" # 192.0.2.43+tls",
        "proto=https # +tls",
        "proto=https , for=192.0.2.1 # +tls 192.0.2.1",
        ", for=unknown,, # unknown",
        "for=192.0.2.43;proto=httpsx # 192.0.2.43",
        "for=\"a b\" # nothing",
        "for=\"a\\\"b\" # nothing",
        "for=a b # nothing",
        "for=[::1 # nothing",
        "for=\"192.0.2.43 # nothing",
        "for # nothing",
        "=a # nothing",
        "for= # nothing",
        "for=192.0.2.43, \u00e4=b # nothing",
        "`` # nothing"
      })
  void isReadWholeOrNotAtAll(String text, String steps) {
    String read =
        Forwarded.parse(text).stream()
            .map(step -> step.node() + (step.secure() ? "+tls" : ""))
            .collect(Collectors.joining(" "));
    assertThat(read).isEqualTo(steps == null ? "" : steps);
  }
}
