/** Tar archives that nobody trusts: read, bounded, unpacked. */
@NullMarked
package dev.paas.runtime.tar;

import org.jspecify.annotations.NullMarked;
