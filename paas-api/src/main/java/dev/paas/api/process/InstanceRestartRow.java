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
@Table(name = "instance_restarts")
@IdClass(InstanceRestartRow.Key.class)
class InstanceRestartRow extends PanacheEntityBase {

  @Id public String app;
  @Id public String instance;

  /** Which process of the instance is to end: one that has come since is not it. */
  @Column public String process;

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String app = "";
    @Id public String instance = "";

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.instance.equals(instance);
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, instance);
    }
  }
}
