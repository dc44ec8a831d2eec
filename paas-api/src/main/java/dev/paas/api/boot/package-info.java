/** Starts the control plane: settings, wiring, order. */
@NullMarked
package dev.paas.api.boot;

import org.jspecify.annotations.NullMarked;
