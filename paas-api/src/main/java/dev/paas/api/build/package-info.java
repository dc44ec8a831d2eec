/** Turns a pushed commit into an image: buildpack, source tree, solver, output. */
@NullMarked
package dev.paas.api.build;

import org.jspecify.annotations.NullMarked;
