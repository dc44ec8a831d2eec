package dev.paas.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import dev.paas.rules.ModuleRules;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArchitectureTest extends ModuleRules {

  ArchitectureTest() {
    super(
        Map.of(),
        Map.of(
            "dev.paas.api.build.BuildOutput.append", 44,
            "dev.paas.api.http.ProblemMappers.explain", 53,
            "dev.paas.api.rollout.RolloutPlanner.advance", 50),
        Map.of());
  }

  @Test
  void onlyTheStoreHandlesTransactions() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.paas.api.store")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("jakarta.transaction..", "io.quarkus.narayana..", "io.agroal..")
        .check(classes());
  }

  @Test
  void oneClassKnowsTheProductOfTheDatabase() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.paas.api.store.H2Database")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.h2..", "org.postgresql..")
        .check(classes());
  }

  @Test
  void rowsStayInTheirPackage() {
    noClasses().that().haveSimpleNameEndingWith("Row").should().bePublic().check(classes());
  }

  @Test
  void packagesAreFeatures() {
    noClasses()
        .should()
        .resideInAnyPackage("..util..", "..impl..", "..service..", "..model..", "..common..")
        .check(classes());
  }

  @Test
  void contractsAreKnownAtTheBorder() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "dev.paas.api.scheduler",
            "dev.paas.api.runtime",
            "dev.paas.api.route",
            // The builder plans in the contract's words: a plan is a build graph.
            "dev.paas.api.building")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.paas.contract..")
        .check(classes());
  }

  /**
   * What JAX-RS does not serve would miss its filters: each such door is known, and asks itself.
   */
  @Test
  void whatIsServedBesideResourcesIsListedHere() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.paas.api.oneoff.TerminalEndpoint")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.vertx.ext.web.Router")
        .check(classes());
  }

  /** Each of these knows only those before it. */
  @Test
  void noArrowGoesUp() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("scheduler")
        .definedBy("dev.paas.api.scheduler")
        .layer("formation")
        .definedBy("dev.paas.api.formation")
        .layer("deploy")
        .definedBy("dev.paas.api.deploy")
        .layer("above")
        .definedBy("dev.paas.api.rollout", "dev.paas.api.process", "dev.paas.api.push")
        .whereLayer("scheduler")
        .mayNotAccessAnyLayer()
        .whereLayer("formation")
        .mayNotAccessAnyLayer()
        .whereLayer("deploy")
        .mayOnlyAccessLayers("scheduler", "formation")
        .check(classes());
  }
}
