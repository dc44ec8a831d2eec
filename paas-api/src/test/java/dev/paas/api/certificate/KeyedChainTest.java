package dev.paas.api.certificate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import java.security.KeyPair;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Certificates that lie, and those that do not. */
final class KeyedChainTest {

  private static final Instant NOW = Instant.parse("2026-12-01T12:00:00Z");
  private static final TestAuthority ONE = TestAuthority.named("one");
  private static final TestAuthority OTHER = TestAuthority.named("other");

  /** Another authority of the same name. */
  private static final TestAuthority FORGED = TestAuthority.named("one");

  private static Arguments lies(String code, String how, Supplier<KeyedChain> chain) {
    return Arguments.of(code, Named.of(how, chain));
  }

  private static KeyedChain of(KeyPair key) {
    return ONE.issue(key, TestAuthority.FROM, TestAuthority.TO, "a.test");
  }

  static Stream<Arguments> lies() {
    KeyedChain good = ONE.issue("a.test");
    return Stream.of(
        lies(
            "other-key",
            "another key of the same type",
            () -> new KeyedChain(good.chain(), TestAuthority.ec("secp256r1").getPrivate())),
        lies(
            "other-key",
            "another key of another type",
            () -> new KeyedChain(good.chain(), TestAuthority.rsa(2048).getPrivate())),
        lies(
            "bad-chain",
            "another's issuer",
            () -> new KeyedChain(List.of(good.leaf(), OTHER.certificate()), good.key())),
        lies(
            "bad-chain",
            "an issuer of the same name with another key",
            () -> new KeyedChain(List.of(good.leaf(), FORGED.certificate()), good.key())),
        lies(
            "bad-chain",
            "an issuer that is no authority",
            () -> new KeyedChain(List.of(good.leaf(), good.leaf()), good.key())),
        lies(
            "bad-dates",
            "expired",
            () ->
                ONE.issue(
                    TestAuthority.ec("secp256r1"),
                    TestAuthority.FROM,
                    NOW.minusSeconds(1),
                    "a.test")),
        lies(
            "bad-dates",
            "not valid yet",
            () ->
                ONE.issue(
                    TestAuthority.ec("secp256r1"), NOW.plusSeconds(1), TestAuthority.TO, "a.test")),
        lies("bad-key", "RSA of 1024 bits", () -> of(TestAuthority.rsa(1024))),
        lies("bad-key", "P-521", () -> of(TestAuthority.ec("secp521r1"))));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void oneThatLiesIsRefusedWithWhatItLiesIn(String code, Supplier<KeyedChain> chain) {
    assertThatThrownBy(() -> chain.get().check(NOW))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo("certificate." + code);
              assertThat(refused.problem().value()).isNotBlank();
            });
  }

  @Test
  void anIssuedOneIsTakenWithAndWithoutItsIssuer() {
    KeyedChain good = ONE.issue("a.test");
    good.check(NOW);
    new KeyedChain(List.of(good.leaf()), good.key()).check(NOW);
    of(TestAuthority.rsa(2048)).check(NOW);
    of(TestAuthority.ec("secp384r1")).check(NOW);
  }

  @ParameterizedTest
  @CsvSource({
    "a.test, true",
    "b.a.test, false",
    "x.wild.test, true",
    "y.x.wild.test, false",
    "wild.test, false",
    "capital.test, true",
    "test, false",
  })
  void itIsForItsNamesAndForOneLabelInPlaceOfAStar(String host, boolean covered) {
    assertThat(ONE.issue("a.test", "*.wild.test", "CAPITAL.test").covers(host)).isEqualTo(covered);
  }

  @Test
  void bothFilesAreReadInEachFormThatOpenSslWrites() {
    for (KeyPair key : List.of(TestAuthority.rsa(2048), TestAuthority.ec("secp256r1"))) {
      KeyedChain made = of(key);
      String chain = Pem.write(made.chain());
      String old = TestAuthority.pem(key.getPrivate());
      String parameters =
          "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";
      assertThat(old).containsAnyOf("BEGIN RSA PRIVATE KEY", "BEGIN EC PRIVATE KEY");
      for (String text : List.of(old, "a comment\n" + parameters + old, chain + old)) {
        KeyedChain read = Pem.parse(chain + old, text);
        assertThat(read.chain()).isEqualTo(made.chain());
        read.check(NOW);
      }
    }
  }

  static Stream<Arguments> unreadable() {
    KeyedChain good = ONE.issue("a.test");
    String chain = Pem.write(good.chain());
    String key = TestAuthority.pem(good.key());
    return Stream.of(
        Arguments.of("bad-chain", "", key),
        Arguments.of("bad-chain", "nonsense", key),
        Arguments.of("bad-chain", key, key),
        Arguments.of("bad-chain", chain.replace("A", "B"), key),
        Arguments.of("bad-chain", chain + " ".repeat(20_000), key),
        Arguments.of("bad-chain", chain.repeat(6), key),
        Arguments.of("bad-key", chain, ""),
        Arguments.of("bad-key", chain, "nonsense"),
        Arguments.of("bad-key", chain, chain),
        Arguments.of("bad-key", chain, key.substring(0, key.length() / 2)),
        Arguments.of("bad-key", chain, key + " ".repeat(10_000)),
        Arguments.of(
            "bad-key",
            chain,
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"),
        Arguments.of(
            "bad-key",
            chain,
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEIPo7/M8YSmjNPLCZ7MvE0WyT3vr2xXGkyVg2iO2gQXK8
            -----END PRIVATE KEY-----
            """));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("unreadable")
  void whatCantBeReadIsRefusedAndNothingOfAKeyIsShown(String code, String chain, String key) {
    assertThatThrownBy(() -> Pem.parse(chain, key))
        .isInstanceOfSatisfying(
            PaasException.class,
            refused -> {
              assertThat(refused.problem().code()).isEqualTo("certificate." + code);
              for (String line : key.lines().filter(line -> line.length() > 20).toList()) {
                if (!line.startsWith("-----")) {
                  assertThat(String.valueOf(refused.problem().value())).doesNotContain(line);
                }
              }
            });
  }
}
