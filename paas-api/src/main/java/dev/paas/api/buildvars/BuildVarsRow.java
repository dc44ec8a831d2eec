package dev.paas.api.buildvars;

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
@Table(name = "build_vars")
@IdClass(BuildVarsRow.Key.class)
class BuildVarsRow extends PanacheEntityBase {

  @Id public String app;
  @Id public int version;

  @Column(nullable = false)
  public String sealed;

  @Column(name = "created_by", nullable = false)
  public String createdBy;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /** The primary key. */
  static class Key implements Serializable {
    public String app = "";
    public int version;

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.version == version;
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, version);
    }
  }
}
