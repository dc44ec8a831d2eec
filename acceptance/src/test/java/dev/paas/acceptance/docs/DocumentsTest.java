package dev.paas.acceptance.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentsTest {

  private static final Path ROOT = root();

  /** A problem made in code: its kind, then its code. */
  private static final Pattern PROBLEM =
      Pattern.compile("\\bKind\\.([A-Z_]+),\\s*\"([a-z][a-z0-9-]*\\.[a-z0-9-]+)\"");

  /** A problem that is made without saying its kind at this place. */
  private static final Pattern WITHOUT_KIND =
      Pattern.compile("(?:Problem\\.of|new Problem)\\(\\s*\"");

  /** A code, and its kind unless it is no problem but a line of a log or a page of the router. */
  private static final Pattern DOCUMENTED =
      Pattern.compile("^\\| `([a-z0-9.-]+)` \\| ([a-z –]+) \\|", Pattern.MULTILINE);

  /** A name in code style that begins like a class, perhaps with a method behind it. */
  private static final Pattern CLASS =
      Pattern.compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(?:\\.[a-z]\\w*)?`");

  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  @Test
  void everyProblemCodeIsInTheDocument() throws IOException {
    Set<String> used =
        sources()
            .flatMap(file -> PROBLEM.matcher(read(file)).results())
            .map(found -> found.group(2))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(used).hasSizeGreaterThan(200);
    assertThat(documented()).containsAll(used);
  }

  /** So the document is where tests learn the kind of a code. */
  @Test
  void everyProblemHasTheKindOfTheDocument() throws IOException {
    Set<String> made =
        sources()
            .flatMap(file -> PROBLEM.matcher(read(file)).results())
            .map(found -> found.group(2) + " " + found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> documented =
        DOCUMENTED
            .matcher(read(ROOT.resolve("docs/problems.md")))
            .results()
            .filter(row -> !row.group(2).equals("–"))
            .map(row -> row.group(1) + " " + kind(row.group(2)))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(made).isEqualTo(documented);
  }

  @Test
  void everyProblemIsMadeWithItsKind() throws IOException {
    assertThat(sources().filter(file -> WITHOUT_KIND.matcher(read(file)).find()).toList())
        .isEmpty();
  }

  private static String kind(String documented) {
    return documented.toUpperCase(Locale.ROOT).replace(' ', '_');
  }

  @Test
  void everyDocumentedCodeIsUsed() throws IOException {
    String code = sources().map(DocumentsTest::read).collect(Collectors.joining("\n"));
    // Rooms with many codes of one form add the room's name in one place: "no-from" in dockerfile.
    Predicate<String> used =
        name ->
            code.contains('"' + name + '"')
                || code.contains('"' + name.substring(name.indexOf('.') + 1) + '"');
    assertThat(documented().stream().filter(used.negate()).toList()).isEmpty();
  }

  @Test
  void everyClassOfTheArchitectureExists() throws IOException {
    Set<String> classes =
        sources()
            .map(file -> file.getFileName().toString().replace(".java", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named =
        CLASS
            .matcher(read(ROOT.resolve("docs/ARCHITECTURE.md")))
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    named.remove("Dockerfile");
    assertThat(named).hasSizeGreaterThan(20);
    assertThat(classes).containsAll(named);
  }

  @Test
  void everyRelativeLinkLeadsSomewhere() throws IOException {
    for (Path document : documents()) {
      for (MatchResult link : LINK.matcher(read(document)).results().toList()) {
        assertThat(document.resolveSibling(link.group(1)))
            .as("%s in %s", link.group(), document)
            .exists();
      }
    }
  }

  private static Set<String> documented() {
    return DOCUMENTED
        .matcher(read(ROOT.resolve("docs/problems.md")))
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<Path> documents() throws IOException {
    try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Set<Path> all =
          docs.filter(file -> file.toString().endsWith(".md"))
              .collect(Collectors.toCollection(TreeSet::new));
      all.add(ROOT.resolve("README.md"));
      all.add(ROOT.resolve("CONTRIBUTING.md"));
      return all;
    }
  }

  private static Stream<Path> sources() throws IOException {
    Set<Path> files = new TreeSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module :
          modules.filter(folder -> Files.isDirectory(folder.resolve("src/main/java"))).toList()) {
        try (Stream<Path> walk = Files.walk(module.resolve("src/main/java"))) {
          walk.filter(file -> file.toString().endsWith(".java")).forEach(files::add);
        }
      }
    }
    return files.stream();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static Path root() {
    Path here = Path.of("").toAbsolutePath();
    return Files.exists(here.resolve("forbidden-apis.txt")) ? here : here.resolve("..").normalize();
  }
}
