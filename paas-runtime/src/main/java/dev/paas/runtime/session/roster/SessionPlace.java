package dev.paas.runtime.session.roster;

import dev.paas.contract.runtime.InstanceId;

/**
 * Where a session is on this host.
 *
 * @param container the name of its container, or of an exec's monitor
 * @param instance the identity of a run, or of the instance that an exec is inside of
 * @param address its place in the platform's range of addresses; 0: it has none of its own
 */
public record SessionPlace(String container, InstanceId instance, int address) {}
