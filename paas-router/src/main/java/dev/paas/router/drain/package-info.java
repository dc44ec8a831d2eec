/** Instances that left the table and still carry requests. */
@NullMarked
package dev.paas.router.drain;

import org.jspecify.annotations.NullMarked;
