/** Errors that people can act on. */
@NullMarked
package dev.paas.base.problem;

import org.jspecify.annotations.NullMarked;
