package dev.paas.builder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.paas.rules.ModuleRules;
import org.junit.jupiter.api.Test;

final class ArchitectureTest extends ModuleRules {

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
        .check(classes());
  }
}
