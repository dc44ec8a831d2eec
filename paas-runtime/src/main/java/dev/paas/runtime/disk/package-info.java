/** What users have on the disk. */
@NullMarked
package dev.paas.runtime.disk;

import org.jspecify.annotations.NullMarked;
