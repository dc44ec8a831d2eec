package dev.paas.api.buildvars;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BuildVarsChangeTest {

  @Test
  void aNameIsAVarOrASecretWhicheverWasSetLast() {
    BuildVars first = change(Map.of("A", "1"), Map.of("b.c-d", "2")).applyTo(BuildVars.NONE);
    assertThat(first.version()).isEqualTo(1);
    BuildVars second = change(Map.of(), Map.of("A", "3")).applyTo(first);
    assertThat(second.vars()).isEmpty();
    assertThat(second.secrets()).isEqualTo(Map.of("A", "3", "b.c-d", "2"));
    BuildVars third = new BuildVarsChange(Map.of(), Map.of(), Set.of("A", "X")).applyTo(second);
    assertThat(third.secrets().keySet()).containsExactly("b.c-d");
    assertThat(third.version()).isEqualTo(3);
    assertThat(third.toString()).contains("b.c-d").doesNotContain("=2");
  }

  @Test
  void aChangeOfNothingMakesNoVersion() {
    BuildVars before = change(Map.of("A", "1"), Map.of("B", "2")).applyTo(BuildVars.NONE);
    assertThat(change(Map.of("A", "1"), Map.of("B", "2")).applyTo(before)).isSameAs(before);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> change(Map.of("a-b", "1"), Map.of()))
        .hasMessageContaining("config.bad-name");
    assertThatThrownBy(() -> change(Map.of(), Map.of("../a", "1")))
        .hasMessageContaining("config.bad-name");
    assertThatThrownBy(() -> change(Map.of(), Map.of("A", "x\0y")))
        .hasMessageContaining("config.bad-value")
        .hasMessageNotContaining("x");
    assertThatThrownBy(() -> change(Map.of("A", "1"), Map.of("A", "1")))
        .hasMessageContaining("config.contradiction");
    assertThatThrownBy(() -> new BuildVarsChange(Map.of("A", "1"), Map.of(), Set.of("A")))
        .hasMessageContaining("config.contradiction");
    Map<String, String> large = Map.of("A", "x".repeat(BuildVarsChange.MAX_TOTAL_BYTES));
    assertThatThrownBy(() -> change(Map.of(), large).applyTo(BuildVars.NONE))
        .hasMessageContaining("config.too-large");
    Map<String, String> many =
        IntStream.rangeClosed(0, BuildVarsChange.MAX_SECRETS)
            .boxed()
            .collect(Collectors.toMap(i -> "S" + i, i -> "1"));
    assertThatThrownBy(() -> change(Map.of(), many).applyTo(BuildVars.NONE))
        .hasMessageContaining("config.too-large");
  }

  private static BuildVarsChange change(Map<String, String> vars, Map<String, String> secrets) {
    return new BuildVarsChange(vars, secrets, Set.of());
  }
}
