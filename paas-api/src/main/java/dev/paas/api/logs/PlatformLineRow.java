package dev.paas.api.logs;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "platform_lines")
class PlatformLineRow extends PanacheEntityBase {

  /** In the place of an instance. */
  static final String SPEAKER = "api";

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public @Nullable Long id;

  @Column public String app;

  @Column(name = "said_at")
  public Instant at;

  @Column public String text;

  LogResource.Line line() {
    return new LogResource.Line(at, SPEAKER, "", LogResource.Line.PLATFORM, text);
  }
}
