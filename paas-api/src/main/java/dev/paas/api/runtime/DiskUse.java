package dev.paas.api.runtime;

/**
 * What some apps have on the disk of paas-runtimed, in bytes; a layer that several of their images
 * share counts once.
 *
 * @param images layers of the apps' images
 * @param instances what their instances and one-off runs have written, as last measured
 * @param caches what only makes their next builds faster, and is in none of these
 * @param cacheLayers how many layers that is
 */
public record DiskUse(long images, long instances, long caches, int cacheLayers) {}
