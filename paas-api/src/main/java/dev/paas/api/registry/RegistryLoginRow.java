package dev.paas.api.registry;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "registry_logins")
@IdClass(RegistryLoginRow.Key.class)
class RegistryLoginRow extends PanacheEntityBase {

  @Id public String owner;

  @Id public String host;

  @Column(nullable = false)
  public String username;

  /** The sealed password, in Base64. */
  @Column(nullable = false)
  public String sealed;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String owner = "";

    @Id public String host = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.owner.equals(owner) && key.host.equals(host);
    }

    @Override
    public int hashCode() {
      return Objects.hash(owner, host);
    }
  }
}
