package dev.paas.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
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
  static final ArchRule rowsStayInTheirPackage =
      noClasses().that().haveSimpleNameEndingWith("Row").should().bePublic();

  @ArchTest
  static final ArchRule packagesAreFeatures =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..impl..", "..service..", "..model..", "..common..");

  private ArchitectureTest() {}
}
