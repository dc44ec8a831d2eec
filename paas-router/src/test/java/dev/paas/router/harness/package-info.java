/**
 * A router in the test's process, instances on raw sockets and clients that may break every rule.
 */
@NullMarked
package dev.paas.router.harness;

import org.jspecify.annotations.NullMarked;
