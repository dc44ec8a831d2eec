/** Builds a Node app with npm. */
@NullMarked
package dev.paas.builder.buildpack.node;

import org.jspecify.annotations.NullMarked;
