package dev.paas.api.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ConfigChangeTextTest {

  @Test
  void namesWhatIsSetAndUnset() {
    assertThat(ConfigChangeText.of(vars("A", "1", "B", "1"), vars("B", "2", "C", "1")))
        .isEqualTo("Set B, C; unset A");
    assertThat(ConfigChangeText.of(vars("A", "1", "B", "1"), vars("B", "1"))).isEqualTo("Unset A");
    assertThat(ConfigChangeText.of(vars("A", "1", "B", "1"), vars("A", "1", "B", "1")))
        .isEqualTo("Config vars as before");
  }

  @Test
  void manyLongNamesFitIntoTheDescriptionOfARelease() {
    SortedMap<String, String> some = new TreeMap<>();
    SortedMap<String, String> others = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      some.put("A".repeat(125) + i, "x");
      others.put("B".repeat(125) + i, "x");
    }
    assertThat(ConfigChangeText.of(some, others))
        .hasSizeLessThan(400)
        .contains(" and 99 more; unset ")
        .doesNotContain("x");
  }

  private static SortedMap<String, String> vars(String... namesAndValues) {
    SortedMap<String, String> vars = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      vars.putAll(Map.of(namesAndValues[i], namesAndValues[i + 1]));
    }
    return vars;
  }
}
