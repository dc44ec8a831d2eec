package dev.paas.api.deploy;

import dev.paas.api.formation.DesiredInstances;
import dev.paas.api.release.ReleaseVersion;
import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.Optional;
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

  /** The build whose output tells about this deployment. */
  public Optional<Long> build() {
    return request instanceof DeploymentRequest.Deploy deploy
        ? Optional.of(deploy.build())
        : Optional.empty();
  }
}
