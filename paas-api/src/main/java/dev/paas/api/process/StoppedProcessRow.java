package dev.paas.api.process;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "stopped_processes")
@IdClass(StoppedProcessRow.Key.class)
class StoppedProcessRow extends PanacheEntityBase {

  @Id public String app;
  @Id public String process;
  @Column public int quantity;

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String app = "";
    @Id public String process = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.process.equals(process);
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, process);
    }
  }
}
