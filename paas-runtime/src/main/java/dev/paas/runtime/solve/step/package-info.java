/** What all steps of a build have in common: keys, root filesystems, output. */
@NullMarked
package dev.paas.runtime.solve.step;

import org.jspecify.annotations.NullMarked;
