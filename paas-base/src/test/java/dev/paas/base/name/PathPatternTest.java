package dev.paas.base.name;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathPatternTest {

  @ParameterizedTest
  @CsvSource({
    "a/b, false, a/b",
    "a*, true, a*",
    "a?b, true, a?b",
    "[a], true, [a]",
    "a\\*b, false, a*b",
    "n\\?pe, false, n?pe",
    "back\\\\slash, false, back\\slash",
    "\\[0], false, [0]",
    "\\\\*, true, \\*",
    "a\\, false, a\\",
  })
  void aWildcardIsOneThatIsNotEscaped(String pattern, boolean wildcard, String literal) {
    assertThat(PathPattern.hasWildcard(pattern)).isEqualTo(wildcard);
    assertThat(PathPattern.literal(pattern)).isEqualTo(literal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/b", "*", "a?[x]\\", "\\", "[", "é*", ""})
  void aQuotedPathMeansItself(String path) {
    assertThat(PathPattern.hasWildcard(PathPattern.quote(path))).isFalse();
    assertThat(PathPattern.literal(PathPattern.quote(path))).isEqualTo(path);
  }

  @ParameterizedTest
  @CsvSource({
    "[a], true",
    "[^a], true",
    "[a-z0-9], true",
    "[\\]], true",
    "[\\-x], true",
    "[[]x, true",
    "\\[, true",
    "[, false",
    "[a, false",
    "[], false",
    "[]a], false",
    "[-], false",
    "[x-], false",
    "[a-b-c], false",
    "[^], false",
    "x[, false",
  })
  void aSetMustBeOne(String pattern, boolean good) {
    assertThat(PathPattern.mistake(pattern).isEmpty()).isEqualTo(good);
  }
}
