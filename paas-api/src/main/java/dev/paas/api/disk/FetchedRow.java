package dev.paas.api.disk;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "fetched_images")
@IdClass(FetchedRow.Key.class)
class FetchedRow extends PanacheEntityBase {

  @Id public String owner;

  @Id public String name;

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
