package dev.paas.rules;

final class ArchitectureTest extends ModuleRules {}
