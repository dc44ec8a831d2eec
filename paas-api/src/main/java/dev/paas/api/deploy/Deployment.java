package dev.paas.api.deploy;

import dev.paas.api.formation.Target;
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
    Request request,
    String user,
    Optional<ReleaseVersion> release,
    Optional<Target> goal,
    DeploymentState state,
    Instant createdAt,
    @Nullable Instant finishedAt) {

  /** The build whose output tells about this deployment. */
  public Optional<Long> build() {
    return request instanceof Request.Deploy deploy
        ? Optional.of(deploy.build())
        : Optional.empty();
  }
}
