package dev.paas.runtime.solve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class IgnorePatternsTest {

  private static boolean excluded(String path, String... patterns) {
    return new IgnorePatterns(List.of(patterns)).excludes(path);
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
    assertThatThrownBy(() -> new IgnorePatterns(Collections.nCopies(1001, "a")))
        .hasMessageContaining("build.too-many-patterns");
  }
}
