/** What users have on the disk. */
@NullMarked
package dev.paas.api.disk;

import org.jspecify.annotations.NullMarked;
