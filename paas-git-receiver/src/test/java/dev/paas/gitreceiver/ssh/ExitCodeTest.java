package dev.paas.gitreceiver.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.paas.base.problem.Problem.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares with what each code was answered with when its text decided that. The kinds are those of
 * docs/problems.md, which the acceptance module compares with the code.
 */
final class ExitCodeTest {

  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `([a-z0-9.-]+)` \\| ([a-z ]+) \\|", Pattern.MULTILINE);

  /** A code, its kind, and what it was answered with. */
  record Row(String code, Kind kind, String answer) {}

  static List<Row> problems() throws IOException {
    Map<String, Kind> kinds =
        DOCUMENTED
            .matcher(Files.readString(Path.of("..", "docs", "problems.md")))
            .results()
            .collect(Collectors.toMap(row -> row.group(1), row -> kind(row.group(2))));
    try (InputStream in =
        ExitCodeTest.class.getResourceAsStream("/dev/paas/gitreceiver/problems-before-kinds.tsv")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t"))
          .map(cells -> new Row(cells[0], Objects.requireNonNull(kinds.get(cells[0])), cells[1]))
          .toList();
    }
  }

  private static Kind kind(String documented) {
    return Kind.valueOf(documented.toUpperCase(Locale.ROOT).replace(' ', '_'));
  }

  @Test
  void everyCodeOfThatTimeIsTried() throws IOException {
    assertThat(problems()).hasSize(239);
  }

  @ParameterizedTest
  @MethodSource("problems")
  void theExitCodeIsTheOneBeforeKinds(Row problem) {
    assertThat(String.valueOf(CommandTask.exitCode(problem.kind()))).isEqualTo(problem.answer());
  }
}
