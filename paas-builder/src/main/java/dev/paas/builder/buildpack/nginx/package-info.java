/**
 * The web server of the stack, in front of files: those of a static site, or those that a build
 * made.
 */
@NullMarked
package dev.paas.builder.buildpack.nginx;

import org.jspecify.annotations.NullMarked;
