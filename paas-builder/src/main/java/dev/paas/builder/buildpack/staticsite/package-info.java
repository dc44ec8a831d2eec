/** Builds a static site: files behind nginx. */
@NullMarked
package dev.paas.builder.buildpack.staticsite;

import org.jspecify.annotations.NullMarked;
