/** Monotonic time for durations. */
@NullMarked
package dev.paas.base.time;

import org.jspecify.annotations.NullMarked;
