package dev.paas.runtime.solve.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.runtime.linux.file.RawPath;
import org.junit.jupiter.api.Test;

final class GlobTest {

  private static boolean matches(String pattern, String path) {
    return new Glob(pattern).matches(path, new Comparisons());
  }

  @Test
  void starStaysWithinASegment() {
    assertThat(matches("*.js", "a.js")).isTrue();
    assertThat(matches("*.js", ".js")).isTrue();
    assertThat(matches("*.js", "lib/a.js")).isFalse();
    assertThat(matches("src/*/index.*", "src/a/index.ts")).isTrue();
    assertThat(matches("src/*/index.*", "src/a/b/index.ts")).isFalse();
  }

  @Test
  void doubleStarSpansSegmentsAndMayBeNothing() {
    assertThat(matches("**/node_modules", "node_modules")).isTrue();
    assertThat(matches("**/node_modules", "a/b/node_modules")).isTrue();
    assertThat(matches("**/node_modules", "a/xnode_modules")).isFalse();
    assertThat(matches("a/**", "a/b/c")).isTrue();
    assertThat(matches("a/**/c", "a/c")).isTrue();
    assertThat(matches("a/**/c", "a/x/y/c")).isTrue();
    assertThat(matches("**", "anything/at/all")).isTrue();
  }

  @Test
  void setsRangesAndQuotes() {
    assertThat(matches("[a-c]x", "bx")).isTrue();
    assertThat(matches("[^a-c]x", "bx")).isFalse();
    assertThat(matches("[^a-c]x", "dx")).isTrue();
    assertThat(matches("[^a]", "/")).isFalse();
    assertThat(matches("file?", "file1")).isTrue();
    assertThat(matches("file\\?", "file1")).isFalse();
    assertThat(matches("file\\?", "file?")).isTrue();
    assertThat(matches("a[b", "a[b")).isTrue();
    assertThat(matches("a+(b)", "a+(b)")).isTrue();
  }

  @Test
  void aCharacterIsOneHoweverManyBytesItHas() {
    assertThat(matches("?", RawPath.of("é"))).isTrue();
    assertThat(matches("a?c", RawPath.of("a\uD83D\uDE00c"))).isTrue();
    assertThat(matches(RawPath.of("[à-é]"), RawPath.of("ç"))).isTrue();
    assertThat(matches("??", RawPath.of("é"))).isFalse();
    assertThat(matches("caf?", "caf\u00e9")).isTrue(); // a byte that is no UTF-8
    assertThat(matches("caf\u00e9", RawPath.of("café"))).isFalse();
    assertThat(matches("*", "\u00ff\u00fe")).isTrue();
  }

  @Test
  void whatIsQuotedInASetIsOfIt() {
    assertThat(matches("[\\]]", "]")).isTrue();
    assertThat(matches("[a\\-z]", "-")).isTrue();
    assertThat(matches("[a\\-z]", "b")).isFalse();
    assertThat(matches("[!a]", "!")).isTrue();
    assertThat(matches("[!a]", "b")).isFalse();
    assertThat(matches("[[]0]", "[0]")).isTrue();
  }

  @Test
  void hostilePatternEndsAtOnce() {
    String pattern = "*a".repeat(500) + "b";
    assertThat(matches(pattern, "a".repeat(4000))).isFalse();
  }

  @Test
  void theWorkIsThePatternTimesThePath() {
    Comparisons comparisons = new Comparisons(12_000_000);
    assertThat(new Glob("**/".repeat(1365) + "x").matches("a/".repeat(2000) + "y", comparisons))
        .isFalse();
    assertThat(new Glob("*a".repeat(100) + "b").matches("a".repeat(255), comparisons)).isFalse();
  }
}
