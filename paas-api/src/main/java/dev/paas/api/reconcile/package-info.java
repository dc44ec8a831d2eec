/**
 * Work queues that bring the actual state to the desired one, and the points where tests break
 * them.
 */
@NullMarked
package dev.paas.api.reconcile;

import org.jspecify.annotations.NullMarked;
