/**
 * The one place that writes the database: durable commits, sealing at rest, and what a full disk
 * means.
 */
@NullMarked
package dev.paas.api.store;

import org.jspecify.annotations.NullMarked;
