package dev.paas.api.deploy;

import dev.paas.api.build.ProblemText;
import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.formation.ProcessScaleText;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "deployments")
class DeploymentRow extends PanacheEntityBase {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public @Nullable Long id;

  @Column public String app;
  @Column public String kind;
  @Column public String request;
  @Column public @Nullable Long build;

  @Column(name = "user_name")
  public String user;

  @Column public @Nullable Long release;
  @Column public @Nullable String goal;
  @Column public String state;

  /** App and lane while the deployment is in progress, else null: unique, so that there is one. */
  @Column(name = "active_of")
  public @Nullable String activeOf;

  @Column public @Nullable String problem;

  @Column(name = "created_at")
  public Instant createdAt;

  @Column(name = "finished_at")
  public @Nullable Instant finishedAt;

  Deployment deployment() {
    AppName name = new AppName(app);
    Optional<ReleaseVersion> version = Optional.ofNullable(release).map(ReleaseVersion::new);
    return new Deployment(
        Objects.requireNonNull(id),
        name,
        DeploymentRequestText.read(request),
        user,
        version,
        goal == null
            ? Optional.empty()
            : Optional.of(
                new DesiredInstances(name, version.orElseThrow(), ProcessScaleText.read(goal))),
        DeploymentState.of(state, ProblemText.read(problem)),
        createdAt,
        finishedAt);
  }

  void begin(DesiredInstances wanted) {
    release = wanted.release().number();
    goal = ProcessScaleText.write(wanted.scales());
    activeOf = activeOf(app, DeploymentRequestText.read(request).lane());
  }

  /** The key of the one deployment that is in progress in an app's lane. */
  static String activeOf(String app, Lane lane) {
    return lane == Lane.RELEASE ? app : app + " capacity";
  }

  void enter(DeploymentState next) {
    state = next.stored();
    if (next.serves() || next.finished()) {
      activeOf = null;
    }
    next.problem().ifPresent(cause -> problem = ProblemText.write(cause));
  }
}
