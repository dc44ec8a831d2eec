/** Builds a Node app with the package manager that it is made for, and serves it or its files. */
@NullMarked
package dev.paas.builder.buildpack.node;

import org.jspecify.annotations.NullMarked;
