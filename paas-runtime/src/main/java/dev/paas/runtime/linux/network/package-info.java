/** Links, addresses and packet filters, as the kernel is told of them. */
@NullMarked
package dev.paas.runtime.linux.network;

import org.jspecify.annotations.NullMarked;
