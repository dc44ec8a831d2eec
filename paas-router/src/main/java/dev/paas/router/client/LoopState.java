package dev.paas.router.client;

import dev.paas.router.proxy.UpstreamPool;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What the connections of one event loop share.
 *
 * @param all the clients of every loop
 * @param stopping the process stops: whoever connects now is the last
 */
record LoopState(
    UpstreamPool pool, WaitingClients waiting, Set<ClientConnection> all, AtomicBoolean stopping) {}
