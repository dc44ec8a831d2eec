/** Releases, rollback, builds. */
@NullMarked
package dev.paas.cli.release;

import org.jspecify.annotations.NullMarked;
