package dev.paas.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.paas.runtime.linux.Kernel;
import dev.paas.runtime.linux.file.FileLibrary;
import java.util.Map;
import java.util.stream.Collectors;

@AnalyzeClasses(packages = "dev.paas.runtime", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule ONLY_LINUX_TOUCHES_THE_KERNEL =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.paas.runtime.linux..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("jnr..")
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(Kernel.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(FileLibrary.class);

  /** Those below another are packages of their own. */
  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.paas.runtime.(**)").should().beFreeOfCycles();

  /** A class says in its constructor what it needs; only wiring sees all the parts. */
  @ArchTest
  static final ArchRule ONLY_WIRING_SEES_ALL_PARTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.paas.runtime.boot")
          .and()
          .haveSimpleNameNotEndingWith("Wiring")
          .and()
          .haveSimpleNameNotEndingWith("Parts")
          .should()
          .dependOnClassesThat()
          .haveSimpleNameEndingWith("Parts");

  /** A package is one subject; one with more classes is several. */
  private static final long MOST_CLASSES = 20;

  @ArchTest
  static void packagesAreSmall(JavaClasses classes) {
    Map<String, Long> sizes =
        classes.stream()
            .filter(each -> each.getEnclosingClass().isEmpty())
            .filter(each -> !each.getSimpleName().equals("package-info"))
            .collect(Collectors.groupingBy(JavaClass::getPackageName, Collectors.counting()));
    assertThat(sizes)
        .allSatisfy((name, size) -> assertThat(size).isLessThanOrEqualTo(MOST_CLASSES));
  }
}
