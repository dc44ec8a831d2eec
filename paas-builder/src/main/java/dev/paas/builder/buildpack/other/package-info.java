/** Languages that are recognised, and need a Dockerfile to be built. */
@NullMarked
package dev.paas.builder.buildpack.other;

import org.jspecify.annotations.NullMarked;
