package dev.paas.runtime.doctor;

/** The probes that ask what runs. */
public record LiveProbes(ContainerProbe container, OrphanProbe orphans) {}
