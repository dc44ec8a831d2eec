/** Stand-ins for the other daemons at their sockets: they speak the contract and run nothing. */
@NullMarked
package dev.paas.api.fake;

import org.jspecify.annotations.NullMarked;
