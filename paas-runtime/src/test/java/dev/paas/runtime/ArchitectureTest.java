package dev.paas.runtime;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import dev.paas.rules.ModuleRules;
import dev.paas.runtime.linux.Kernel;
import dev.paas.runtime.linux.file.FileLibrary;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ArchitectureTest extends ModuleRules {

  ArchitectureTest() {
    super(
        Map.of(
            "dev.paas.runtime.instance.Supervised", 7,
            "dev.paas.runtime.rpc.RuntimeCalls", 10,
            "dev.paas.runtime.solve.ExecStep", 8),
        Map.of(
            "dev.paas.runtime.boot.Daemon.start", 91,
            "dev.paas.runtime.container.Monitor.create", 66,
            "dev.paas.runtime.doctor.HostProbes.all", 46,
            "dev.paas.runtime.layer.LayerTar.header", 43,
            "dev.paas.runtime.network.Firewall.install", 62,
            "dev.paas.runtime.oci.Bundle.mounts", 71,
            "dev.paas.runtime.sandbox.OneOffs.admitted", 41,
            "dev.paas.runtime.solve.ExecStep.execute", 61),
        Map.of());
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
        .and()
        .doNotHaveSimpleName("Inventory")
        .should()
        .dependOnClassesThat()
        .haveSimpleNameEndingWith("Parts")
        .check(classes());
  }
}
