package dev.paas.api.identity;

/**
 * Told once it is durable that a user may do less than before, or has one key or token less. Who
 * has let them in for longer than one request asks again.
 *
 * @param user whose access it is
 */
public record AccessChanged(String user) {}
