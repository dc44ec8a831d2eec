/**
 * The one place that writes the database: durable commits, sealing at rest, what a full disk means,
 * and what differs between database products.
 */
@NullMarked
package dev.paas.api.store;

import org.jspecify.annotations.NullMarked;
