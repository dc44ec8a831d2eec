package dev.paas.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

final class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.paas.router");

  @Test
  void packagesDoNotKnowEachOtherInCircles() {
    slices().matching("dev.paas.router.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void messagesOnTheWireKnowNothingOfRouting() {
    noClasses()
        .that()
        .resideInAPackage("dev.paas.router.http1")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.paas.router.client",
            "dev.paas.router.proxy",
            "dev.paas.router.table",
            "dev.paas.contract..")
        .check(CLASSES);
  }

  @Test
  void exchangesKnowTheirClientsByTheirStreamsOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.paas.router.proxy")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.paas.router.client")
        .check(CLASSES);
  }
}
