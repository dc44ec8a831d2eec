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

  /** {@code ### F14: a title}, and all below it until the next heading. */
  private static final Pattern SECTION =
      Pattern.compile("^### ([FT])(\\d+): .+$([^#]*)", Pattern.MULTILINE);

  /** A constant of the enumeration: {@code PUSH_ACCEPTED("push.accepted"),}. */
  private static final Pattern POINT =
      Pattern.compile("^  [A-Z_]+\\(\"([a-z.-]+)\"\\)", Pattern.MULTILINE);

  private static final Pattern SAYS =
      Pattern.compile(
          "- \\*\\*What (breaks|somebody tries):\\*\\* \\S.+"
              + "- \\*\\*What (holds|happens):\\*\\* \\S.+- \\*\\*Tests:\\*\\*\n",
          Pattern.DOTALL);

  /** {@code - `SomeFaultIT.someClaim`}. */
  private static final Pattern TEST = Pattern.compile("^  - `(\\w+)\\.(\\w+)`$", Pattern.MULTILINE);

  @Test
  void everySectionSaysWhatHoldsAndNamesTestsThatExist() throws IOException {
    for (MatchResult section : sections()) {
      assertThat(section.group(3)).as(section.group()).containsPattern(SAYS);
      List<MatchResult> tests = TEST.matcher(section.group(3)).results().toList();
      assertThat(tests).as(section.group()).isNotEmpty();
      for (MatchResult test : tests) {
        assertThat(source(test.group(1)))
            .as("the test %s of %s%s", test.group(), section.group(1), section.group(2))
            .containsPattern("void " + test.group(2) + "\\(");
      }
    }
  }

  @Test
  void sectionsAreInOrderAndTheirNumbersUnique() throws IOException {
    for (String kind : List.of("F", "T")) {
      List<Integer> numbers =
          sections().stream()
              .filter(section -> section.group(1).equals(kind))
              .map(section -> Integer.valueOf(section.group(2)))
              .toList();
      assertThat(numbers).hasSizeGreaterThan(20).isSorted().doesNotHaveDuplicates();
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

  private static List<MatchResult> sections() throws IOException {
    return SECTION
        .matcher(Files.readString(ROOT.resolve("docs/reliability.md")))
        .results()
        .toList();
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
