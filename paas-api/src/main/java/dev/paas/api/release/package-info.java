/** Immutable releases: an image, a config version and a process table with a number. */
@NullMarked
package dev.paas.api.release;

import org.jspecify.annotations.NullMarked;
