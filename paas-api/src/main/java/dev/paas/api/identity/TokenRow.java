package dev.paas.api.identity;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "tokens")
class TokenRow extends PanacheEntityBase {

  /** SHA-256 of the token, in hexadecimal. */
  @Id public String hash;

  @Column(name = "user_name", nullable = false)
  public String userName;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String prefix;

  @Column(nullable = false)
  public String scope;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  @Column(name = "expires_at")
  public @Nullable Instant expiresAt;

  @Column(name = "last_used_at")
  public @Nullable Instant lastUsedAt;

  boolean expired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }
}
