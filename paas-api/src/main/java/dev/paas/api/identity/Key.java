package dev.paas.api.identity;

import java.time.Instant;

/**
 * An SSH key that opens the platform for its user.
 *
 * @param name unique among the user's keys
 * @param fingerprint {@code SHA256:…}, as ssh-keygen prints it
 * @param type e.g. {@code ssh-ed25519}
 */
public record Key(String name, String fingerprint, String type, String user, Instant createdAt) {}
