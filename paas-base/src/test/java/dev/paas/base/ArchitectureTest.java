package dev.paas.base;

import dev.paas.rules.ModuleRules;

final class ArchitectureTest extends ModuleRules {}
