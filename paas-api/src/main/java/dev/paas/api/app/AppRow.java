package dev.paas.api.app;

import dev.paas.base.name.AppName;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "apps")
class AppRow extends PanacheEntityBase {

  @Id public String name;

  @Column(nullable = false)
  public String owner;

  @Column(name = "created_at", nullable = false)
  public Instant createdAt;

  /** Who asked for the destruction that is under way; null while the app lives. */
  @Column(name = "destroyed_by")
  public @Nullable String destroyedBy;

  App app() {
    return new App(new AppName(name), owner, createdAt);
  }
}
