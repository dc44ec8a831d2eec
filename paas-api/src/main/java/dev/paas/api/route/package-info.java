/**
 * The route table: which instances answer for which hosts, published to the router with a
 * generation.
 */
@NullMarked
package dev.paas.api.route;

import org.jspecify.annotations.NullMarked;
