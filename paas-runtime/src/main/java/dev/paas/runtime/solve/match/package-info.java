/** Patterns that choose files, with bounded work. */
@NullMarked
package dev.paas.runtime.solve.match;

import org.jspecify.annotations.NullMarked;
