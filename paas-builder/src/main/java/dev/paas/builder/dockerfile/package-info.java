/** Dockerfiles: parsed, expanded and translated into a build graph. */
@NullMarked
package dev.paas.builder.dockerfile;

import org.jspecify.annotations.NullMarked;
