/** Sockets of either side: reading by grant, what is unsent, time limits. */
@NullMarked
package dev.paas.router.socket;

import org.jspecify.annotations.NullMarked;
