package dev.paas.runtime.network;

import java.net.Inet4Address;

/**
 * An instance's link as the host sees it.
 *
 * @param name of the host's end
 */
public record Link(String name, Inet4Address address) {}
