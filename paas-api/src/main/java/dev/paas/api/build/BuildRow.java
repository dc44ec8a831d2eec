package dev.paas.api.build;

import dev.paas.base.name.AppName;
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
@Table(name = "builds")
@IdClass(BuildRow.Key.class)
class BuildRow extends PanacheEntityBase {

  @Id public String app;
  @Id public long number;

  @Column(name = "commit_id")
  public String commit;

  @Column public String state;
  @Column public @Nullable String image;
  @Column public boolean named;
  @Column public @Nullable String processes;
  @Column public @Nullable Integer port;
  @Column public @Nullable String problem;

  /** What it is made with; null for none, and for what an older version made. */
  @Column public @Nullable String settings;

  /** The version of the app's build vars that it is made with. */
  @Column public int vars;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  Build build() {
    return new Build(
        new BuildId(new AppName(app), number),
        commit,
        buildState(),
        named,
        new Recipe(BuildSettings.read(settings), vars),
        createdAt,
        finishedAt);
  }

  private BuildState buildState() {
    return switch (state) {
      case "queued" -> new BuildState.Queued();
      case "running" -> new BuildState.Running();
      case "succeeded" ->
          new BuildState.Succeeded(
              Objects.requireNonNull(image),
              ProcessTableText.read(Objects.requireNonNull(processes)),
              Objects.requireNonNull(port));
      case "failed" -> new BuildState.Failed(ProblemText.read(problem).orElseThrow());
      default -> throw new IllegalStateException("build state " + state);
    };
  }

  void enter(BuildState next) {
    state = next.shown();
    if (next instanceof BuildState.Succeeded succeeded) {
      image = succeeded.image();
      named = true;
      processes = ProcessTableText.write(succeeded.processes());
      port = succeeded.port();
    } else if (next instanceof BuildState.Failed failed) {
      problem = ProblemText.write(failed.problem());
    }
  }

  /** The primary key. */
  static class Key implements Serializable {
    @Id public String app = "";
    @Id public long number;

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.app.equals(app) && key.number == number;
    }

    @Override
    public int hashCode() {
      return Objects.hash(app, number);
    }
  }
}
