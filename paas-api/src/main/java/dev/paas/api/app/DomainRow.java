package dev.paas.api.app;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

@Entity
@Table(name = "domains")
class DomainRow extends PanacheEntityBase {

  @Id public String host;

  @Column(nullable = false)
  public String app;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;
}
