package dev.paas.api.identity;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A token, without its secret.
 *
 * @param prefix what the token begins with, to tell tokens apart; nothing of it is secret
 * @param lastUsedAt exact to a minute
 */
public record Token(
    String name,
    String prefix,
    Scope scope,
    Instant createdAt,
    @Nullable Instant expiresAt,
    @Nullable Instant lastUsedAt) {

  /**
   * A token that has just been made: the only moment at which its secret is known.
   *
   * @param token the secret, {@code paas_…}
   */
  public record Created(String name, String token, Scope scope, @Nullable Instant expiresAt) {

    /** Without the secret. */
    @Override
    public String toString() {
      return "Created[name=" + name + "]";
    }
  }
}
