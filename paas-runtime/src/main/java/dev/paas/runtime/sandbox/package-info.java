/** Processes that run to their end in a root filesystem: steps of builds and one-off runs. */
@NullMarked
package dev.paas.runtime.sandbox;

import org.jspecify.annotations.NullMarked;
