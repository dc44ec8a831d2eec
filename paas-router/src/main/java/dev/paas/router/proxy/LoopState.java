package dev.paas.router.proxy;

import java.util.Set;

/**
 * What the connections of one event loop share.
 *
 * @param all the clients of every loop
 */
record LoopState(InstancePool pool, WaitingClients waiting, Set<ClientConnection> all) {}
