package dev.paas.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.paas.rules.ModuleRules;
import dev.paas.runtime.linux.Kernel;
import dev.paas.runtime.linux.file.FileLibrary;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArchitectureTest extends ModuleRules {

  ArchitectureTest() {
    super(Map.of(), Map.of("dev.paas.runtime.network.Firewall.install", 62), Map.of());
  }

  @Test
  void onlyLinuxTouchesTheKernel() {
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
        .areAssignableTo(FileLibrary.class)
        .check(classes());
  }

  /** A class says in its constructor what it needs; only wiring sees all the parts. */
  @Test
  void onlyWiringSeesAllParts() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.paas.runtime.boot")
        .and()
        .haveSimpleNameNotEndingWith("Wiring")
        .and()
        .haveSimpleNameNotEndingWith("Parts")
        .should()
        .dependOnClassesThat()
        .haveSimpleNameEndingWith("Parts")
        .check(classes());
  }
}
