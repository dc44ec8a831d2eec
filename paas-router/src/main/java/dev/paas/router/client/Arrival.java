package dev.paas.router.client;

import dev.paas.router.budget.ClientAddress;
import dev.paas.router.budget.Share;

/**
 * How a connection came.
 *
 * @param share the connection was counted in there
 * @param trusted what it says of others is believed
 * @param secure at a port for TLS
 */
record Arrival(ClientAddress address, Share share, boolean trusted, boolean secure) {}
