package dev.paas.gitreceiver;

import dev.paas.rules.ModuleRules;
import java.util.Map;

final class ArchitectureTest extends ModuleRules {

  ArchitectureTest() {
    super(
        Map.of("dev.paas.gitreceiver.receive.DeployHook", 7),
        Map.of(
            "dev.paas.gitreceiver.receive.PushReceiver.receive", 57,
            "dev.paas.gitreceiver.ssh.CommandTask.git", 41),
        Map.of());
  }
}
