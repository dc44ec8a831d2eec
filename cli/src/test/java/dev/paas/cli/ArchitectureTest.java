package dev.paas.cli;

import dev.paas.rules.ModuleRules;
import java.util.Map;

final class ArchitectureTest extends ModuleRules {

  ArchitectureTest() {
    super(Map.of(), Map.of(), Map.of());
  }
}
