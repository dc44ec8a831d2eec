package dev.paas.api.deploy;

import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One change of what runs.
 *
 * @param release nothing until its turn has come
 * @param goal what it brings about; nothing until its turn has come
 */
public record Deployment(
    long id,
    AppName app,
    DeploymentRequest request,
    String user,
    Optional<ReleaseVersion> release,
    Optional<DesiredInstances> goal,
    DeploymentState state,
    Instant createdAt,
    @Nullable Instant finishedAt) {

  /** Which deployments it waits for. */
  public Lane lane() {
    return request.lane();
  }

  /**
   * Instances that it has asked for and that do not serve yet; those of the other lane leave them
   * alone.
   */
  public SortedSet<InstanceName> coming() {
    return goal.filter(wanted -> isComing())
        .map(DesiredInstances::instances)
        .orElseGet(TreeSet::new);
  }

  /** Whether it has begun and may yet serve. */
  public boolean isComing() {
    return goal.isPresent()
        && (state instanceof DeploymentState.Starting || state instanceof DeploymentState.Checking);
  }

  /** The build whose output tells about this deployment. */
  public Optional<Long> build() {
    return request instanceof DeploymentRequest.Deploy deploy
        ? Optional.of(deploy.build())
        : Optional.empty();
  }
}
