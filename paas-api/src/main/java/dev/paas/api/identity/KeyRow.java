package dev.paas.api.identity;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "ssh_keys")
class KeyRow extends PanacheEntityBase {

  @Id public String fingerprint;

  @Column(name = "user_name", nullable = false)
  public String userName;

  @Column(nullable = false)
  public String name;

  @Column(nullable = false)
  public String type;

  @Column(name = "key_text", nullable = false)
  public String keyText;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  Key key() {
    return new Key(name, fingerprint, type, userName, createdAt);
  }
}
