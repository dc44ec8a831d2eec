/** The contract's server: who may call, what a call may say, and how answers flow. */
@NullMarked
package dev.paas.runtime.rpc;

import org.jspecify.annotations.NullMarked;
