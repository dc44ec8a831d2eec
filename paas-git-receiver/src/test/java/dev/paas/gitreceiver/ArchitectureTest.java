package dev.paas.gitreceiver;

import dev.paas.rules.ModuleRules;

final class ArchitectureTest extends ModuleRules {}
