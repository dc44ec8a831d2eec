package dev.paas.rules;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * Holds a module to the sizes and the absence of cycles that hold everywhere. A module has a
 * subclass in its topmost package among its tests.
 *
 * <p>What is larger today than a rule allows is named with its size: it may shrink, and whatever is
 * not named may not become like it. Whoever makes one of these small takes its name away.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // the classes are read once
public abstract class ModuleRules {

  /** A package is one subject; one with more classes is several. */
  private static final int CLASSES_OF_A_PACKAGE = 20;

  /** Whoever needs more than these does more than one thing. */
  private static final int PARAMETERS_OF_A_CONSTRUCTOR = 6;

  private static final int LINES_OF_A_METHOD = 40;
  private static final int LINES_OF_A_FILE = 400;

  private final JavaClasses classes = readClasses();
  private final List<SourceFile> sources = readSources();
  private final Map<String, Integer> largerConstructors;
  private final Map<String, Integer> longerMethods;
  private final Map<String, Integer> longerFiles;

  /** Holds a module to the rules without exception. */
  protected ModuleRules() {
    this(Map.of(), Map.of(), Map.of());
  }

  /**
   * Holds a module to the rules but for what is named, with the size that it has now.
   *
   * @param largerConstructors a class's name with its package, and its constructor's parameters
   * @param longerMethods a method's name with its class and package, and its lines
   * @param longerFiles a class's name with its package, and its file's lines
   */
  protected ModuleRules(
      Map<String, Integer> largerConstructors,
      Map<String, Integer> longerMethods,
      Map<String, Integer> longerFiles) {
    this.largerConstructors = Map.copyOf(largerConstructors);
    this.longerMethods = Map.copyOf(longerMethods);
    this.longerFiles = Map.copyOf(longerFiles);
  }

  @Test
  final void packagesHaveNoCycles() {
    String parent = root().substring(0, root().lastIndexOf('.'));
    slices().matching(parent + ".(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  final void packagesAreSmall() {
    Map<String, Integer> sizes =
        classes.stream()
            .filter(each -> each.getEnclosingClass().isEmpty())
            .filter(each -> !each.getSimpleName().equals("package-info"))
            .collect(Collectors.toMap(JavaClass::getPackageName, each -> 1, Integer::sum));
    check(CLASSES_OF_A_PACKAGE, sizes, Map.of());
  }

  @Test
  final void constructorsHaveFewCollaborators() {
    Map<String, Integer> parameters =
        methods(SourceFile.Method::constructor, SourceFile.Method::parameters);
    check(PARAMETERS_OF_A_CONSTRUCTOR, parameters, largerConstructors);
  }

  @Test
  final void methodsAreShort() {
    Map<String, Integer> lines = methods(method -> true, SourceFile.Method::lines);
    check(LINES_OF_A_METHOD, lines, longerMethods);
  }

  @Test
  final void filesAreShort() {
    Map<String, Integer> lines =
        sources.stream().collect(Collectors.toMap(SourceFile::type, SourceFile::lines));
    check(LINES_OF_A_FILE, lines, longerFiles);
  }

  /** What is above the limit is named with its size: one that has shrunk may not grow again. */
  private static void check(int limit, Map<String, Integer> sizes, Map<String, Integer> granted) {
    Map<String, Integer> beyond = new TreeMap<>(sizes);
    beyond.values().removeIf(size -> size <= limit);
    assertThat(beyond).isEqualTo(new TreeMap<>(granted));
  }

  /** Sizes by name; of several with one name, the largest. */
  private Map<String, Integer> methods(
      Predicate<SourceFile.Method> some, ToIntFunction<SourceFile.Method> size) {
    return sources.stream()
        .flatMap(file -> file.methods().stream())
        .filter(some)
        .collect(Collectors.toMap(SourceFile.Method::name, size::applyAsInt, Math::max));
  }

  private static List<SourceFile> readSources() {
    List<SourceFile> sources = SourceFile.below(Path.of("src/main/java"));
    assertThat(sources).isNotEmpty();
    return sources;
  }

  /** The module's classes without its tests, for rules of its own. */
  protected final JavaClasses classes() {
    return classes;
  }

  private JavaClasses readClasses() {
    JavaClasses classes =
        ArchConfiguration.withThreadLocalScope(
            configuration -> {
              // Other people's classes are no part of the question; reading them takes ten seconds.
              configuration.setResolveMissingDependenciesFromClassPath(false);
              return new ClassFileImporter()
                  .withImportOption(new ImportOption.DoNotIncludeTests())
                  .importPackages(root());
            });
    assertThat(classes).isNotEmpty();
    return classes;
  }

  private String root() {
    return getClass().getPackageName();
  }
}
