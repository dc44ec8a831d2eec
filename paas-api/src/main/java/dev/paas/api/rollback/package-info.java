/** Releases as people see them, what has become of each, and the way back to an earlier one. */
@NullMarked
package dev.paas.api.rollback;

import org.jspecify.annotations.NullMarked;
