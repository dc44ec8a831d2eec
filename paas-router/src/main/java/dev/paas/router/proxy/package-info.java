/** Exchanges, and the instances that answer them: selection, pooled connections, tunnels. */
@NullMarked
package dev.paas.router.proxy;

import org.jspecify.annotations.NullMarked;
