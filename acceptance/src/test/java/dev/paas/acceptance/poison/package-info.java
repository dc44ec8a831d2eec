/** Pushes that try to bring a daemon down, made by a seed. */
@NullMarked
package dev.paas.acceptance.poison;

import org.jspecify.annotations.NullMarked;
