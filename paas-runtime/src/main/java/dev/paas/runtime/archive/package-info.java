/** Images as archives: what other tools write and read, and what images say of themselves. */
@NullMarked
package dev.paas.runtime.archive;

import org.jspecify.annotations.NullMarked;
