/** Tests of the rooms as a whole. */
@NullMarked
package dev.paas.router;

import org.jspecify.annotations.NullMarked;
