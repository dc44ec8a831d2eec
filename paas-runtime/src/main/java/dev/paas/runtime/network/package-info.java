/** Addresses of instances, their links to the host, and what may pass. */
@NullMarked
package dev.paas.runtime.network;

import org.jspecify.annotations.NullMarked;
