package dev.paas.api.acme;

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

/** What became of the last order for a host. */
@Entity
@Table(name = "certificate_orders")
@IdClass(OrderRow.Key.class)
class OrderRow extends PanacheEntityBase {

  /** Characters that are kept of a problem. */
  static final int MAX_PROBLEM = 1000;

  @Id public String app;
  @Id public String host;

  /** In a row. */
  @Column public int failures;

  @Column(nullable = false)
  public String problem;

  @Column(name = "next_at", nullable = false)
  public Instant nextAt;

  /** The primary key. */
  static class Key implements Serializable {
    public String app = "";
    public String host = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.host.equals(host);
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, host);
    }
  }
}
