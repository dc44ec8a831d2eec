package dev.paas.api.image;

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
@Table(name = "run_images")
@IdClass(RunImageRow.Key.class)
class RunImageRow extends PanacheEntityBase {

  @Id public String owner;

  /** As the store has it, e.g. {@code users/ann/run/docker.io/library/debian:latest}. */
  @Id public String name;

  @Column(name = "used_at", nullable = false)
  public Instant usedAt;

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String owner = "";

    @Id public String name = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.owner.equals(owner) && key.name.equals(name);
    }

    @Override
    public int hashCode() {
      return Objects.hash(owner, name);
    }
  }
}
