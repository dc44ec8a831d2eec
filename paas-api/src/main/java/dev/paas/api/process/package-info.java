/** Instances over HTTP: what runs, how many of which, and new ones in their place. */
@NullMarked
package dev.paas.api.process;

import org.jspecify.annotations.NullMarked;
