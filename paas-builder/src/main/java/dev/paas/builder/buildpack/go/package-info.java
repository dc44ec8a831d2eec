/** Builds a Go app from its module or workspace. */
@NullMarked
package dev.paas.builder.buildpack.go;

import org.jspecify.annotations.NullMarked;
