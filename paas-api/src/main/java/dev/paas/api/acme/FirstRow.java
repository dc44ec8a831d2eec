package dev.paas.api.acme;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** An order for a host that had no certificate. */
@Entity
@Table(name = "certificate_firsts")
class FirstRow extends PanacheEntityBase {

  @Id public String id;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;
}
