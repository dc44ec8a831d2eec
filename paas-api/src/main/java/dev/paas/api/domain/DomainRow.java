package dev.paas.api.domain;

import dev.paas.base.name.AppName;
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

/** The claim of one app to one host. */
@Entity
@Table(name = "domains")
@IdClass(DomainRow.Key.class)
class DomainRow extends PanacheEntityBase {

  @Id public String host;
  @Id public String app;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /** How it was proved; null while it is not. */
  @Column public @Nullable String proof;

  /** What a TXT record must say to prove it. */
  @Column(nullable = false)
  public String challenge;

  Domain domain() {
    return new Domain(host, new AppName(app), createdAt, proof, challenge);
  }

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String host = "";
    @Id public String app = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.host.equals(host) && key.app.equals(app);
    }

    @Override
    public int hashCode() {
      return Objects.hash(host, app);
    }
  }
}
