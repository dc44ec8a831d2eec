package dev.paas.builder.dockerfile;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.builder.dockerfile.text.Bounds;
import dev.paas.builder.dockerfile.text.Expansion;
import dev.paas.builder.dockerfile.text.Source;
import dev.paas.builder.dockerfile.text.Text;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code x} is set, {@code empty} is set to nothing, {@code path} and {@code v} are longer. */
class ExpansionTest {

  private static final Map<String, String> VARIABLES =
      Map.ofEntries(
          entry("x", "xx"),
          entry("y", "yy"),
          entry("empty", ""),
          entry("blank", "a b  c"),
          entry("path", "/usr/local/lib/a.tar.gz"),
          entry("v", "1.22.333"),
          entry("_u1", "under"),
          entry("dollar", "$x"),
          entry("quote", "a\"b'c"),
          entry("wide", "\uD83D\uDE00y"),
          entry("lines", "a\nb"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "hello | hello",
        "he'll'o | hello",
        "he'llo $x' | hello $x",
        "he\"ll\"o | hello",
        "he\\'llo | he'llo",
        "he\\\\'llo' | he\\llo",
        "\"abc\\tdef\" | abc\\tdef",
        "\"abc\\ttdef\\\\x\" | abc\\ttdef\\x",
        "abc\\tdef | abctdef",
        "'abc\\tdef' | abc\\tdef",
        "\"a\\\"b\" | a\"b",
        "'a\"b' | a\"b",
        "\"a'b\" | a'b",
        "\"'$x'\" | 'xx'",
        "'\"$x\"' | \"$x\"",
        "$ | $",
        "a$ | a$",
        "$$ | ~~",
        "$$$x | xx",
        "a$@b$*c$#d$?e$-f$!g | abcdefg",
        "$999 | ~~",
        "${12}a | a",
        "${@}${?} | ~~",
        "$ü. | .",
        "$0 | ~~",
        "$. | $.",
        "$/a | $/a",
        "$x | xx",
        "a$x | axx",
        "$x.y | xx.y",
        "$x-$y | xx-yy",
        "$x$y | xxyy",
        "$xy | ~~",
        "${x}y | xxy",
        "$_u1 | under",
        "$_u1- | under-",
        "${_u1} | under",
        "$unset | ~~",
        "a$unset.b | a.b",
        "${unset} | ~~",
        "$empty | ~~",
        "a${empty}b | ab",
        "\\$x | $x",
        "\\\\$x | \\xx",
        "\\\\\\$x | \\$x",
        "'\\$x' | \\$x",
        "\"\\$x\" | $x",
        "\"$x\" | xx",
        "\"${x}\" | xx",
        "\"a $x b\" | a xx b",
        "'$x' | $x",
        "$1 | ~~",
        "$12 | ~~",
        "a${unset2}b | ab",
        "${x:-d} | xx",
        "${unset:-d} | d",
        "${empty:-d} | d",
        "${empty-d} | ~~",
        "${unset-d} | d",
        "${x-d} | xx",
        "${unset:-} | ~~",
        "${unset:-$y} | yy",
        "${unset:-${y}} | yy",
        "${unset:-a${y}b} | ayyb",
        "${unset:-${unset2:-deep}} | deep",
        "${unset:-'$y'} | $y",
        "${unset:-\"$y\"} | yy",
        "${unset:-\\$y} | $y",
        "${unset:-a b} | a b",
        "${unset:-'}'} | }",
        "${unset:-\\}} | }",
        "${unset:-:} | :",
        "a${unset:-b}c${unset:-d} | abcd",
        "${x:+d} | d",
        "${unset:+d} | ~~",
        "${empty:+d} | ~~",
        "${empty+d} | d",
        "${unset+d} | ~~",
        "${x+d} | d",
        "${x:+$y} | yy",
        "${x:+${y}z} | yyz",
        "${x:?no} | xx",
        "${x?no} | xx",
        "${empty?no} | ~~",
        "${path#*/} | usr/local/lib/a.tar.gz",
        "${path##*/} | a.tar.gz",
        "${path%/*} | /usr/local/lib",
        "${path%%/*} | ~~",
        "${path%.*} | /usr/local/lib/a.tar",
        "${path%%.*} | /usr/local/lib/a",
        "${path#/usr} | /local/lib/a.tar.gz",
        "${path#usr} | /usr/local/lib/a.tar.gz",
        "${path%.gz} | /usr/local/lib/a.tar",
        "${path%.bz2} | /usr/local/lib/a.tar.gz",
        "${v%.*} | 1.22",
        "${v%%.*} | 1",
        "${v#?} | .22.333",
        "${v#??2} | 2.333",
        "${v##*} | ~~",
        "${v#*} | 1.22.333",
        "${v/./-} | 1-22.333",
        "${v//./-} | 1-22-333",
        "${v//./} | 122333",
        "${v/2*/} | 1.",
        "${v//[2]/x} | 1.22.333",
        "${v/./$y} | 1yy22.333",
        "${path/\\/usr/} | /local/lib/a.tar.gz",
        "${unset#a} | ~~",
        "${path//\\//\\/} | \\/usr\\/local\\/lib\\/a.tar.gz",
        "${v///-} | -1-.-2-2-.-3-3-3-",
        "${empty/*/x} | x",
        "${v/'.'/x} | 1x22.333",
        "${unset/*/x} | x",
        "${v%\"3\"} | 1.22.33",
        "$dollar | $x",
        "$quote | a\"b'c",
        "\"$quote\" | a\"b'c",
        "http://h/$x?a=${y}&b#c | http://h/xx?a=yy&b#c",
        "ü$x€ | üxx€",
        "$𝐱a. | .",
        "$😀 | $😀",
        "${wide#?} | y",
        "${wide//?/z} | zz",
        "${wide%?y} | ~~",
        "${unset:-$wide} | 😀y",
        // Go's template takes the word in the place of all matches, not that of the first.
        "${v//22/'<$0>'} | 1.<22>.333",
        "${v//22/'${0}a'} | 1.22a.333",
        "${v//22/'$0a'} | 1..333",
        "${v//22/'$1$name'} | 1..333",
        "${v//22/'$$0'} | 1.$0.333",
        "${v//22/'a$'} | 1.a$.333",
        "${v//22/'${'} | 1.${.333",
        "${v//22/\\$1} | 1.\\.333",
        "${v/22/'<$0>'} | 1.<$0>.333",
      })
  void wordsExpandAsInDockersReference(String word, String expected) {
    assertThat(expand(word)).isEqualTo(expected);
  }

  @Test
  void noWildcardTakesALineFeed() {
    assertThat(expand("${lines##*}")).isEqualTo("\nb");
    assertThat(expand("${lines%%*}")).isEqualTo("a\n");
    assertThat(expand("${lines//?/x}")).isEqualTo("x\nx");
    assertThat(expand("${lines#a}")).isEqualTo("\nb");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "${x | dockerfile.bad-substitution | 1",
        "a${x:-b | dockerfile.bad-substitution | 2",
        "${} | dockerfile.bad-substitution | 1",
        "${ x} | dockerfile.bad-substitution | 1",
        "${x!} | dockerfile.bad-substitution | 1",
        "${x:=y} | dockerfile.bad-substitution | 1",
        "${x^} | dockerfile.bad-substitution | 1",
        "${x/a} | dockerfile.bad-substitution | 1",
        "${x//} | dockerfile.bad-substitution | 1",
        "${x/\\./a} | dockerfile.bad-substitution | 1",
        "${x#\\a} | dockerfile.bad-substitution | 1",
        "${x:} | dockerfile.bad-substitution | 1",
        "${x:/a/b} | dockerfile.bad-substitution | 1",
        "${x:#a} | dockerfile.bad-substitution | 1",
        "${x:%%a} | dockerfile.bad-substitution | 1",
        "ab${unset:?must be} | dockerfile.unset-variable | 3",
        "${empty:?} | dockerfile.unset-variable | 1",
        "${unset?} | dockerfile.unset-variable | 1",
        "'abc | dockerfile.open-quote | 1",
        "ab\"c | dockerfile.open-quote | 3",
        "\"a'b | dockerfile.open-quote | 1",
      })
  void mistakesNameTheColumn(String word, String code, int column) {
    assertThatThrownBy(() -> expand(word))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo(code);
              assertThat(e.problem().what()).startsWith("Dockerfile:1:" + column + ": ");
            });
  }

  @Test
  void theBacktickEscapesWhenItIsChosen() {
    assertThat(Expansion.of(text("`$x c:\\$x"), scope(VARIABLES::get, '`'))).isEqualTo("$x c:\\xx");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "$blank | a,b,c",
        "x${blank}y | xa,b,cy",
        "\"$blank\" | a b  c",
        "\"80\" | 80",
        "$x$y | xxyy",
        "$unset | ~~",
        "\"\" | ~~",
        "$empty$blank$empty | a,b,c",
        "$x\\ $y | xx yy",
      })
  void onlyBlanksFromVariablesOutsideQuotesSplitAWord(String word, String expected) {
    assertThat(String.join(",", Expansion.words(text(word), scope(VARIABLES::get, '\\'))))
        .isEqualTo(expected);
  }

  @Test
  void variablesThatGrowWithoutBoundAreStopped() {
    String big = "z".repeat(Bounds.MAX_STRING / 2);
    assertThatThrownBy(() -> Expansion.of(text("$a$a$a"), scope(name -> big, '\\')))
        .hasMessageContaining("dockerfile.too-long");
  }

  @Test
  void whatAllWordsTogetherProduceIsStopped() {
    String big = "z".repeat(Bounds.MAX_STRING / 2);
    Expansion.Scope scope = scope(name -> big, '\\');
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1000; i++) {
                Expansion.of(text("${a//z/y}"), scope);
              }
            })
        .hasMessageContaining("dockerfile.too-large");
  }

  @Test
  void deepNestingIsStopped() {
    String deep = "${u:-".repeat(10_000);
    assertThatThrownBy(() -> expand(deep)).hasMessageContaining("dockerfile.bad-substitution");
  }

  @Test
  void noPatternTakesExponentialTime() {
    String pattern = "*a".repeat(100) + "b";
    Assertions.assertTimeout(
        Duration.ofSeconds(5),
        () ->
            assertThat(
                    Expansion.of(
                        text("${a//" + pattern + "/x}"), scope(name -> "a".repeat(1000), '\\')))
                .hasSize(1000));
  }

  private static String expand(String word) {
    return Expansion.of(text(word), scope(VARIABLES::get, '\\'));
  }

  private static Expansion.Scope scope(Expansion.Variables variables, char escape) {
    return new Expansion.Scope(variables, escape, new Bounds(PlatformSettings.DEFAULTS.planning()));
  }

  static Text text(String chars) {
    return Text.joined(
        new Source("Dockerfile", chars), chars, List.of(new int[] {0, chars.length()}));
  }
}
