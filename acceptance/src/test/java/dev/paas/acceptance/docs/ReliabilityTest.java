package dev.paas.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/reliability.md promises nothing that no test holds. */
final class ReliabilityTest {

  private static final Path ROOT =
      Files.exists(Path.of("forbidden-apis.txt")) ? Path.of("") : Path.of("..");

  /** {@code | F14 | what breaks | what holds | SomeFaultIT.someClaim, … |}. */
  private static final Pattern ROW =
      Pattern.compile("^\\| ([FT])(\\d+) \\|[^|]*\\|[^|]*\\|([^|]*)\\|$", Pattern.MULTILINE);

  /** A constant of the enumeration: {@code PUSH_ACCEPTED("push.accepted"),}. */
  private static final Pattern POINT =
      Pattern.compile("^  [A-Z_]+\\(\"([a-z.-]+)\"\\)", Pattern.MULTILINE);

  private static final Pattern TEST = Pattern.compile("(\\w+)\\.(\\w+)");

  @Test
  void everyRowNamesATestThatExists() throws IOException {
    for (MatchResult row : rows()) {
      List<MatchResult> tests = TEST.matcher(row.group(3)).results().toList();
      assertThat(tests).as(row.group()).isNotEmpty();
      for (MatchResult test : tests) {
        assertThat(source(test.group(1)))
            .as("the test %s of row %s%s", test.group(), row.group(1), row.group(2))
            .containsPattern("void " + test.group(2) + "\\(");
      }
    }
  }

  @Test
  void rowsAreInOrder() throws IOException {
    for (String table : List.of("F", "T")) {
      List<Integer> numbers =
          rows().stream()
              .filter(row -> row.group(1).equals(table))
              .map(row -> Integer.valueOf(row.group(2)))
              .toList();
      assertThat(numbers).isSorted();
    }
  }

  @Test
  void everyFaultPointIsFiredByATest() throws IOException {
    Path points = ROOT.resolve("paas-api/src/main/java/dev/paas/api/reconcile/FaultPoint.java");
    List<String> labels =
        POINT.matcher(Files.readString(points)).results().map(found -> found.group(1)).toList();
    assertThat(labels).hasSizeGreaterThanOrEqualTo(10);
    String fired = source("CrashFaultIT") + source("DurabilityIT");
    assertThat(labels).allSatisfy(label -> assertThat(fired).contains('"' + label + '"'));
  }

  private static List<MatchResult> rows() throws IOException {
    return ROW.matcher(Files.readString(ROOT.resolve("docs/reliability.md"))).results().toList();
  }

  private static String source(String testClass) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT.toAbsolutePath())) {
      for (Path tests : modules.map(module -> module.resolve("src/test/java")).toList()) {
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            files.filter(file -> file.endsWith(testClass + ".java")).forEach(found::add);
          }
        }
      }
    }
    assertThat(found).as("the class %s", testClass).isNotEmpty();
    StringBuilder all = new StringBuilder();
    for (Path file : found) {
      all.append(Files.readString(file));
    }
    return all.toString();
  }
}
