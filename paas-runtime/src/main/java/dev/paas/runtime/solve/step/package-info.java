/** What all steps of a build have in common: keys and root filesystems. */
@NullMarked
package dev.paas.runtime.solve.step;

import org.jspecify.annotations.NullMarked;
