package dev.paas.base.settings;

/**
 * Which versions of languages and tools builds get, and from where.
 *
 * @param nearest whether an app that asks for exactly a version that is not there is built with the
 *     nearest one; else its push is declined
 * @param goProxy where Go's modules and newer toolchains come from, as {@code GOPROXY} takes it
 * @param goSums what their checksums are compared with, as {@code GOSUMDB} takes it
 */
public record ToolchainSettings(boolean nearest, String goProxy, String goSums) {}
