/** One-off runs: a command beside an app's instances, with its streams and its exit code. */
@NullMarked
package dev.paas.api.oneoff;

import org.jspecify.annotations.NullMarked;
