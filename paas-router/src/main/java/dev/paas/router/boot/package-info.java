/** Starts and stops the process. */
@NullMarked
package dev.paas.router.boot;

import org.jspecify.annotations.NullMarked;
