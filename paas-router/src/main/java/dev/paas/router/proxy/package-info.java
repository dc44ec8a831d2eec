/** HTTP in, instance out: client connections, exchanges, pooled instance connections, tunnels. */
@NullMarked
package dev.paas.router.proxy;

import org.jspecify.annotations.NullMarked;
