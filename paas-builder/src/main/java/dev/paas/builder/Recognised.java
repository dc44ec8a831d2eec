package dev.paas.builder;

import dev.paas.builder.buildpack.Buildpack;

/**
 * Which buildpack makes the image of a source tree, and what in the tree made it the one.
 *
 * @param reason what it is chosen because of, e.g. {@code the file package.json}
 */
public record Recognised(Buildpack buildpack, String reason) {}
