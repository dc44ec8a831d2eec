/** What instances print, as files and as a stream. */
@NullMarked
package dev.paas.runtime.log;

import org.jspecify.annotations.NullMarked;
