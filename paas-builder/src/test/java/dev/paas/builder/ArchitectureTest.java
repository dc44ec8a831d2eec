package dev.paas.builder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.paas.builder");

  @Test
  void packagesDoNotKnowEachOtherInCircles() {
    slices().matching("dev.paas.builder.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void frontEndsTouchNeitherDiskNorNetworkNorProcesses() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(
            java.nio.file.Files.class,
            java.io.File.class,
            java.lang.ProcessBuilder.class,
            java.lang.Runtime.class)
        .orShould()
        .dependOnClassesThat()
        .resideInAPackage("java.net..")
        .check(CLASSES);
  }
}
