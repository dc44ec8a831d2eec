/** Accepts pushes, follows them to their end and moves the deploy branch. */
@NullMarked
package dev.paas.api.push;

import org.jspecify.annotations.NullMarked;
