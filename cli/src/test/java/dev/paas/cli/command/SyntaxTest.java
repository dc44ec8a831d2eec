package dev.paas.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SyntaxTest {

  private final List<String> found = new ArrayList<>();

  private final Syntax syntax =
      new Syntax()
          .flag("-t, --tail", "", () -> found.add("tail"))
          .flag("-q", "", () -> found.add("quiet"))
          .option("-n, --num", "N", "", value -> found.add("num " + value));

  @ParameterizedTest
  @ValueSource(strings = {"-n 5", "-n5", "-n=5", "--num 5", "--num=5"})
  void aValueFollowsOrIsAttached(String line) {
    assertThat(read(line)).containsExactly("num 5");
  }

  @Test
  void shortOptionsMayShareAHyphen() {
    assertThat(read("-tqn5")).containsExactly("tail", "quiet", "num 5");
  }

  @Test
  void optionsMayStandBetweenWords() {
    syntax.words("WORD", 0, "", found::add);
    assertThat(read("a -t b - --num 5 c")).containsExactly("tail", "num 5", "a", "b", "-", "c");
  }

  @Test
  void twoHyphensEndTheOptions() {
    syntax.words("WORD", 0, "", found::add);
    assertThat(read("a -- -t -- b")).containsExactly("a", "-t", "--", "b");
  }

  @Test
  void whatFollowsTheFirstWordMayBelongToAnotherCommand() {
    syntax.words("COMMAND", 1, "", found::add).stopsAtWords();
    assertThat(read("-t ls -n --help")).containsExactly("tail", "ls", "-n", "--help");
  }

  @Test
  void wordsAreToldApartByTheirPlace() {
    syntax.word("NAME", "", w -> found.add("name " + w));
    syntax.optionalWord("FILE", "", w -> found.add("file " + w));
    assertThat(read("a b")).containsExactly("name a", "file b");
  }

  @Test
  void helpIsGivenWhateverElseIsMissing() {
    syntax.word("NAME", "", found::add).required("--to", "HOST", "", found::add);
    assertThat(syntax.read(List.of("--help"))).isFalse();
    assertThat(found).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-x", "-tx", "--nope", "-n", "--num", "--tail=yes", "a b", "", "a --to", "a -t b"})
  void whatIsMissingUnknownOrTooMuchIsRefused(String line) {
    syntax.word("NAME", "", found::add).required("--to", "HOST", "", found::add);
    assertThatThrownBy(() -> read(line))
        .isInstanceOf(UsageException.class)
        .hasMessageMatching(
            "(Missing argument|Unknown option|Unexpected argument|Not understood): .+");
  }

  private List<String> read(String line) {
    assertThat(syntax.read(line.isEmpty() ? List.of() : List.of(line.split(" ")))).isTrue();
    return found;
  }
}
