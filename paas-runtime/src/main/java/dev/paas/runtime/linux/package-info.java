/**
 * Typed system calls; nothing outside of this package and those below it touches the kernel
 * directly.
 */
@NullMarked
package dev.paas.runtime.linux;

import org.jspecify.annotations.NullMarked;
