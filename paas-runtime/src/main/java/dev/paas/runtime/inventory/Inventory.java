package dev.paas.runtime.inventory;

/** What is known of this host: what was recorded, what there is, and what is left over. */
public record Inventory(InstanceRecords records, ContainerTraces traces, Orphans orphans) {}
