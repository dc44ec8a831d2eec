/** Files that survive a crash. */
@NullMarked
package dev.paas.base.disk;

import org.jspecify.annotations.NullMarked;
