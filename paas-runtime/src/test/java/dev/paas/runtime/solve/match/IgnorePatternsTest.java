package dev.paas.runtime.solve.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class IgnorePatternsTest {

  private static boolean excluded(String path, String... patterns) {
    return new IgnorePatterns(List.of(patterns), new Comparisons()).excludes(path);
  }

  @Test
  void patternOfADirectoryCoversWhatIsBelow() {
    assertThat(excluded("node_modules/a/b.js", "node_modules")).isTrue();
    assertThat(excluded("src/node_modules/a.js", "node_modules")).isFalse();
    assertThat(excluded("src/node_modules/a.js", "**/node_modules")).isTrue();
  }

  @Test
  void lastMatchWins() {
    assertThat(excluded("docs/README.md", "*.md", "docs", "!docs/README.md")).isFalse();
    assertThat(excluded("docs/README.md", "!docs/README.md", "docs")).isTrue();
    assertThat(excluded("docs/other.md", "docs", "!docs/README.md")).isTrue();
  }

  @Test
  void slashesDotsAndBlanksSayNothing() {
    assertThat(excluded("a/b", "/a/b")).isTrue();
    assertThat(excluded("a/b", "./a/b/")).isTrue();
    assertThat(excluded("a/b", "  a/b  ")).isTrue();
    assertThat(excluded("b", "a/../b")).isTrue();
    assertThat(excluded("# x", "# x")).isFalse();
    assertThat(excluded("a", "", " ", "!")).isFalse();
  }

  @Test
  void everythingButOne() {
    assertThat(excluded("a", "*", "!keep")).isTrue();
    assertThat(excluded("keep", "*", "!keep")).isFalse();
    assertThat(excluded("keep/x", "**", "!keep")).isFalse();
  }

  @Test
  void endlessListIsRefused() {
    assertThatThrownBy(() -> new IgnorePatterns(Collections.nCopies(1001, "a"), new Comparisons()))
        .hasMessageContaining("build.too-many-patterns");
  }

  @Test
  void whatIsKnownOfDirectoriesChangesNoAnswer() {
    long seed = Long.getLong("paas.seed", 20_261_129L);
    Random random = new Random(seed);
    List<String> pieces = List.of("a", "b", "*", "**", "a*", "?", "[ab]", "a/b", "**/a", "b/**");
    for (int i = 0; i < 300; i++) {
      List<String> patterns = new ArrayList<>();
      for (int count = 1 + random.nextInt(4); count > 0; count--) {
        String pattern = pieces.get(random.nextInt(pieces.size()));
        pattern += random.nextBoolean() ? "" : "/" + pieces.get(random.nextInt(pieces.size()));
        patterns.add((random.nextInt(3) == 0 ? "!" : "") + pattern);
      }
      IgnorePatterns all = new IgnorePatterns(patterns, new Comparisons());
      for (int path = 0; path < 60; path++) {
        StringBuilder text = new StringBuilder("ab".substring(random.nextInt(2)));
        for (int depth = random.nextInt(4); depth > 0; depth--) {
          text.append("/").append("ab".charAt(random.nextInt(2)));
        }
        assertThat(all.excludes(text.toString()))
            .as("seed " + seed + ", " + patterns + ", " + text)
            .isEqualTo(excluded(text.toString(), patterns.toArray(new String[0])));
      }
    }
  }

  @Test
  void patternsTimesFilesIsBounded() {
    Comparisons comparisons = new Comparisons(1_000_000);
    IgnorePatterns patterns =
        new IgnorePatterns(Collections.nCopies(1000, "**/*a*a*a*a*b"), comparisons);
    assertThat(patterns.excludes("a/aaaa")).isFalse();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                patterns.excludes("a/aaaaaaaa" + i);
              }
            })
        .hasMessageContaining("build.too-many-patterns")
        .hasMessageContaining("takes too long");
  }

  @Test
  void starsInARowAreOne() {
    for (String stars : List.of("**/", "***/", "**//./")) {
      String many = stars.repeat(200_000);
      assertThat(excluded("a/b/c", many + "b")).isTrue();
      assertThat(excluded("a/b/c", many + "d")).isFalse();
    }
    assertThat(excluded("a/b/c", "a/" + "**/".repeat(200_000) + "c")).isTrue();
  }
}
