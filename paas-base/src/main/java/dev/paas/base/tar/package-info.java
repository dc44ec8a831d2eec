/** Tar archives as streams, read byte for byte. */
@NullMarked
package dev.paas.base.tar;

import org.jspecify.annotations.NullMarked;
