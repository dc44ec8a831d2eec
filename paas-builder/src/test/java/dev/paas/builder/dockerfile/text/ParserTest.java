package dev.paas.builder.dockerfile.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.paas.base.problem.PaasException;
import dev.paas.base.settings.PlatformSettings;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParserTest {

  @Test
  void instructionsAreReadInAnyCaseWithTheirFlags() {
    assertThat(parse("from debian\nCopy --chown=1 --from=x a b\nRUN --foo -- --bar\n"))
        .containsExactly("FROM [] debian", "COPY [--chown=1, --from=x] a b", "RUN [--foo] --bar");
  }

  @Test
  void continuedLinesAreJoinedAndCommentsInsideThemDropped() {
    assertThat(parse("RUN a \\\n  # comment\n\n  b \\ \t\n  && c\nUSER d"))
        .containsExactly("RUN [] a   b   && c", "USER [] d");
  }

  @Test
  void anEscapedBackslashAtTheEndDoesNotContinue() {
    assertThat(parse("RUN a\\\\\nUSER b")).containsExactly("RUN [] a\\\\", "USER [] b");
  }

  @Test
  void carriageReturnsAndIndentationDoNotMatter() {
    assertThat(parse("  FROM a\r\n\tRUN b \\\r\n c\r\n"))
        .containsExactly("FROM [] a", "RUN [] b  c");
  }

  @Test
  void theFileMayEndInAContinuedLine() {
    assertThat(parse("RUN a \\")).containsExactly("RUN [] a");
    assertThat(parse("")).isEmpty();
    assertThat(parse("# only a comment")).isEmpty();
  }

  @Test
  void theEscapeDirectiveChangesContinuation() {
    assertThat(parse("# escape=`\nRUN dir c:\\\nRUN a `\n b"))
        .containsExactly("RUN [] dir c:\\", "RUN [] a  b");
  }

  @Test
  void theSyntaxDirectiveIsIgnoredAndOnlyKnownDirectivesCount() {
    assertThat(parse("# syntax=docker/dockerfile:1\n# unknown=x\n# escape=`\nRUN a `\n b"))
        .containsExactly("RUN [] a  b");
    assertThat(parse("# comment\n# escape=`\nRUN a \\\n b")).containsExactly("RUN [] a  b");
  }

  @Test
  void aHashInsideAnInstructionIsNoComment() {
    assertThat(parse("RUN echo # x")).containsExactly("RUN [] echo # x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "FORM debian | dockerfile.unknown-instruction | 1:1 | Did you mean FROM?",
        "RUNN x | dockerfile.unknown-instruction | 1:1 | Did you mean RUN?",
        "xyzzyx | dockerfile.unknown-instruction | 1:1 | Use one of ADD",
        "# escape=x | dockerfile.bad-escape | 1:1 | escape=`",
        "RUN cat <<EOF | dockerfile.open-heredoc | 1:9 | Write EOF alone",
        "COPY <<-\"EOF\" /a | dockerfile.open-heredoc | 1:6 | Write EOF alone",
      })
  void mistakesNameLineColumnAndFix(String text, String code, String place, String fix) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            PaasException.class,
            e -> {
              assertThat(e.problem().code()).isEqualTo(code);
              assertThat(e.problem().what()).startsWith("Dockerfile:" + place + ": ");
              assertThat(e.problem().fix()).contains(fix);
            });
  }

  @Test
  void aDirectiveMayStandOnce() {
    assertThatThrownBy(() -> parse("# escape=`\n# escape=\\\n"))
        .hasMessageContaining("dockerfile.duplicate-directive");
  }

  @Test
  void shellOperatorsAreNoHeredocs() {
    assertThat(parse("RUN cat <<<word\nRUN echo $((1<<2))\nRUN [\"<<EOF\"]")).hasSize(3);
  }

  @Test
  void whatStandsInQuotesIsNoHeredoc() {
    assertThat(
            parse(
                """
                RUN echo "a <<b" && awk '{ print $1 <<x }'
                RUN echo \\"a <<< b
                RUN echo 'it''s' "\\" <<x"
                """))
        .hasSize(3);
    assertThatThrownBy(() -> parse("RUN echo \"a\" <<'E O F'"))
        .hasMessageContaining("dockerfile.open-heredoc");
  }

  @Test
  void flagsLoseTheirQuotes() {
    assertThat(parse("COPY --from=\"a b\" --chown='1:1' --x=\\\"y a b"))
        .containsExactly("COPY [--from=a b, --chown=1:1, --x=\"y] a b");
  }

  @Test
  void anySpaceMayStandAroundAnInstruction() {
    assertThat(parse("\u00a0RUN a\u3000\n\u2003\n\u0085CMD b\f\n"))
        .containsExactly("RUN [] a", "CMD [] b");
    assertThatThrownBy(() -> parse("RUN\u00a0a"))
        .isInstanceOfSatisfying(
            PaasException.class, e -> assertThat(e.problem().fix()).contains("kind of space"));
  }

  @Test
  void onlyBlanksAndTabsMayFollowWhatContinuesALine() {
    assertThat(parse("RUN a\\ \t\r\nb")).containsExactly("RUN [] ab");
    assertThat(parse("RUN a\\\f\nCMD b")).containsExactly("RUN [] a\\", "CMD [] b");
  }

  @Test
  void aContinuationOfNothingIsNoInstruction() {
    assertThatThrownBy(() -> parse("\\\n"))
        .hasMessageContaining("There is no instruction on this line");
  }

  @Test
  void theMessageShowsTheLineWithACaretUnderTheColumn() {
    assertThatThrownBy(() -> parse("FROM a\n\nRUN x \\\n\tcat <<EOF"))
        .isInstanceOfSatisfying(
            PaasException.class,
            e ->
                assertThat(e.problem().what().lines())
                    .containsExactly(
                        "Dockerfile:4:6: The here-document EOF has no end",
                        "",
                        "     cat <<EOF",
                        "         ^"));
  }

  private static List<String> parse(String text) {
    return Parser.parse(
            new Source("Dockerfile", text), new Bounds(PlatformSettings.DEFAULTS.planning()))
        .instructions()
        .stream()
        .map(i -> i.keyword() + " " + i.flags() + " " + i.arguments())
        .toList();
  }
}
