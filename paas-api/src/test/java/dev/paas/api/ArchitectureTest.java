package dev.paas.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.paas.api", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.paas.api.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheStoreHandlesTransactions =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.paas.api.store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.transaction..", "io.quarkus.narayana..", "io.agroal..");

  @ArchTest
  static final ArchRule oneClassKnowsTheProductOfTheDatabase =
      noClasses()
          .that()
          .doNotHaveFullyQualifiedName("dev.paas.api.store.H2Database")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.h2..", "org.postgresql..");

  @ArchTest
  static final ArchRule rowsStayInTheirPackage =
      noClasses().that().haveSimpleNameEndingWith("Row").should().bePublic();

  @ArchTest
  static final ArchRule packagesAreFeatures =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..impl..", "..service..", "..model..", "..common..");

  @ArchTest
  static final ArchRule contractsAreKnownAtTheBorder =
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
          .resideInAPackage("dev.paas.contract..");

  /** Each of these knows only those before it. */
  @ArchTest
  static final ArchRule noArrowGoesUp =
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
          .mayOnlyAccessLayers("scheduler", "formation");

  private ArchitectureTest() {}
}
