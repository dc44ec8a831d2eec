package dev.paas.acceptance.docs;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Problems are told apart by their kind; their codes are only written down. */
class ProblemCodesTest {

  private static final String PROBLEM = "dev.paas.base.problem.Problem";

  private static final List<String> MODULES =
      List.of(
          "paas-base",
          "paas-builder",
          "paas-git-receiver",
          "paas-router",
          "paas-runtime",
          "paas-api");

  /** Who writes codes down, by the name of its outermost class. */
  private static final Set<String> WRITERS =
      Set.of(
          // as the text of an exception
          "dev.paas.base.problem.PaasException",
          "dev.paas.gitreceiver.receive.PackRefusedException",
          // as one of several in the text of another
          "dev.paas.builder.dockerfile.text.Mistakes",
          // to whoever calls, or looks at what failed
          "dev.paas.api.http.ProblemJson",
          "dev.paas.api.http.ProblemView",
          "dev.paas.gitreceiver.receive.DeployHook",
          "dev.paas.gitreceiver.ssh.ConnectionLimits",
          // from one daemon to another
          "dev.paas.runtime.rpc.Failures",
          "dev.paas.router.control.Updates",
          // with the row of what failed
          "dev.paas.api.build.ProblemText",
          // to the audit
          "dev.paas.api.audit.Audit",
          "dev.paas.api.audit.Endings",
          "dev.paas.api.audit.Refusals",
          // to the log, and to the operator when a daemon does not start
          "dev.paas.api.boot.Main",
          "dev.paas.api.building.Builder",
          "dev.paas.api.push.PushEnd",
          "dev.paas.api.rollout.RolloutStates",
          "dev.paas.api.deploy.OldImages",
          "dev.paas.router.boot.Main");

  private static final JavaClasses CLASSES = new ClassFileImporter().importPaths(compiled());

  @Test
  void onlyWritersReadTheCodeOfAProblem() {
    noClasses()
        .that(describe("do not write codes down", (JavaClass type) -> !isWriter(type)))
        .should()
        .accessTargetWhere(describe("it is the code of a problem", ProblemCodesTest::isOfCode))
        .check(CLASSES);
  }

  @Test
  void everyWriterWrites() {
    Set<String> writing =
        CLASSES.stream()
            .flatMap(type -> type.getAccessesFromSelf().stream())
            .filter(ProblemCodesTest::isOfCode)
            .map(access -> outermost(access.getOriginOwner()))
            .filter(name -> !name.equals(PROBLEM))
            .collect(Collectors.toSet());
    assertThat(writing).isEqualTo(WRITERS);
  }

  private static boolean isWriter(JavaClass type) {
    return WRITERS.contains(outermost(type)) || outermost(type).equals(PROBLEM);
  }

  /** Also of a reference to the method. */
  private static boolean isOfCode(JavaAccess<?> access) {
    return access.getTargetOwner().getName().equals(PROBLEM) && access.getName().equals("code");
  }

  private static String outermost(JavaClass type) {
    int nested = type.getName().indexOf('$');
    return nested < 0 ? type.getName() : type.getName().substring(0, nested);
  }

  private static List<Path> compiled() {
    Path here = Path.of("").toAbsolutePath();
    Path root =
        Files.exists(here.resolve("forbidden-apis.txt")) ? here : here.resolve("..").normalize();
    List<Path> folders =
        MODULES.stream().map(module -> root.resolve(module).resolve("target/classes")).toList();
    assertThat(folders).as("Build all modules first").allMatch(Files::isDirectory);
    return folders;
  }
}
