package dev.paas.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigChangeTest {

  @Test
  void aChangeSetsAndUnsetsAndLeavesTheRest() {
    ConfigChange change = new ConfigChange(Map.of("A", "2", "C", "3"), Set.of("B"));
    assertThat(change.applyTo(new TreeMap<>(Map.of("A", "1", "B", "1", "D", "4"))))
        .isEqualTo(new TreeMap<>(Map.of("A", "2", "C", "3", "D", "4")));
  }

  @ParameterizedTest
  @CsvSource({
    "lower, config.bad-name",
    "1A, config.bad-name",
    "'', config.bad-name",
    "A-B, config.bad-name",
    "A=B, config.bad-name",
    "PORT, config.reserved-name",
    "PAAS_APP, config.reserved-name"
  })
  void aNameThatTheShellOrThePlatformCannotHaveIsRefused(String name, String code) {
    assertThat(codeOf(Map.of(name, "x"), Set.of())).isEqualTo(code);
    assertThat(codeOf(Map.of(), Set.of(name))).isEqualTo(code);
  }

  @Test
  void aValueIsAtMost64KibibytesOfUtf8() {
    assertThat(new ConfigChange(Map.of("A", "x".repeat(64 << 10)), Set.of()).set()).hasSize(1);
    assertThat(codeOf(Map.of("A", "ü".repeat((32 << 10) + 1)), Set.of()))
        .isEqualTo("config.too-large");
  }

  @Test
  void aNameHasAtMost128Characters() {
    assertThat(new ConfigChange(Map.of("A".repeat(128), "x"), Set.of()).set()).hasSize(1);
    assertThat(codeOf(Map.of("A".repeat(129), "x"), Set.of())).isEqualTo("config.bad-name");
  }

  @Test
  void exactlyAsMuchAsMayBeIsTaken() {
    TreeMap<String, String> before = new TreeMap<>();
    for (char name = 'A'; name < 'A' + 7; name++) {
      before.put(String.valueOf(name), "x".repeat(64 << 10));
    }
    // Each variable takes the bytes of its name and two more.
    String rest = "x".repeat((64 << 10) - 8 * 3);
    assertThat(new ConfigChange(Map.of("X", rest), Set.of()).applyTo(before)).hasSize(8);
    ConfigChange more = new ConfigChange(Map.of("X", rest + "x"), Set.of());
    assertThatThrownBy(() -> more.applyTo(before)).hasMessageContaining("config.too-large");
  }

  @Test
  void allValuesTogetherAreBounded() {
    TreeMap<String, String> full = new TreeMap<>();
    for (char name = 'A'; name < 'A' + 7; name++) {
      full.put(String.valueOf(name), "x".repeat(64 << 10));
    }
    ConfigChange more = new ConfigChange(Map.of("X", "x".repeat(64 << 10)), Set.of());
    assertThatThrownBy(() -> more.applyTo(full)).hasMessageContaining("config.too-large");
  }

  @Test
  void setAndUnsetOfOneNameIsAContradiction() {
    assertThat(codeOf(Map.of("A", "1"), Set.of("A"))).isEqualTo("config.contradiction");
  }

  @Test
  void aNulInAValueIsRefused() {
    assertThat(codeOf(Map.of("A", "a\0b"), Set.of())).isEqualTo("config.bad-value");
  }

  @Test
  void valuesAreNotPrinted() {
    assertThat(new ConfigChange(Map.of("A", "secret"), Set.of("B")).toString())
        .isEqualTo("ConfigChange[set=[A], unset=[B]]");
    assertThat(new Config(1, new TreeMap<>(Map.of("A", "secret"))).toString())
        .doesNotContain("secret");
  }

  private static String codeOf(Map<String, String> set, Set<String> unset) {
    try {
      return "accepted " + new ConfigChange(set, unset);
    } catch (PaasException refused) {
      return refused.problem().code();
    }
  }
}
