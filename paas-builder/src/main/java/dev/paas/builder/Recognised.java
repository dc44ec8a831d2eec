package dev.paas.builder;

import dev.paas.builder.buildpack.Buildpack;

/**
 * Which buildpack makes the image of a source tree, and what in the tree made it the one.
 *
 * @param reason a clause without a full stop, e.g. {@code the repository has package.json}
 */
public record Recognised(Buildpack buildpack, String reason) {}
