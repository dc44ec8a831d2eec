package dev.paas.router;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.paas.rules.ModuleRules;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArchitectureTest extends ModuleRules {

  ArchitectureTest() {
    super(Map.of(), Map.of("dev.paas.router.boot.RouterProcess", 45), Map.of());
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
        .check(classes());
  }

  @Test
  void exchangesKnowTheirClientsByTheirStreamsOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.paas.router.proxy")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.paas.router.client")
        .check(classes());
  }
}
