package dev.paas.api.reconcile;

import dev.paas.base.name.AppName;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "attempts")
@IdClass(AttemptRow.Key.class)
class AttemptRow extends PanacheEntityBase {

  @Id public String kind;
  @Id public String app;
  @Id public long number;

  /** Whether somebody works on it at this moment. */
  @Column(name = "under_way")
  public boolean underWay;

  /** It was under way when paas-runtimed was lost, and nobody knows yet why that was lost. */
  @Column public boolean lost;

  /** How often paas-runtimed had died when the work was begun; -1 when nobody knew. */
  @Column(name = "runtime_deaths")
  public long runtimeDeaths = -1;

  /** How often it was the only thing under way when a daemon died. */
  @Column public int deaths;

  /** It was under way at a death, perhaps beside others, and has not ended since. */
  @Column public boolean suspect;

  static Optional<AttemptRow> of(Work work) {
    return AttemptRow.find(
            "kind = ?1 and app = ?2 and number = ?3",
            work.kind().stored(),
            work.app().value(),
            work.number())
        .firstResultOptional();
  }

  static AttemptRow made(Work work) {
    return AttemptRow.of(work)
        .orElseGet(
            () -> {
              AttemptRow row = new AttemptRow();
              row.kind = work.kind().stored();
              row.app = work.app().value();
              row.number = work.number();
              row.persist();
              return row;
            });
  }

  Work work() {
    return new Work(Work.Kind.of(kind), new AppName(app), number);
  }

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String kind = "";
    @Id public String app = "";
    @Id public long number;

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && key.kind.equals(kind)
          && key.app.equals(app)
          && key.number == number;
    }

    @Override
    public int hashCode() {
      return Objects.hash(kind, app, number);
    }
  }
}
