/** Typed system calls; nothing else in the project touches the kernel directly. */
@NullMarked
package dev.paas.runtime.linux;

import org.jspecify.annotations.NullMarked;
