/** Files that a build copies into a root filesystem. */
@NullMarked
package dev.paas.runtime.solve.copy;

import org.jspecify.annotations.NullMarked;
