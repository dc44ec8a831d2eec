package dev.paas.api.deploy;

import java.util.List;
import java.util.Optional;

/**
 * What a deployment changes. An app has one deployment of each lane in progress at most, and
 * neither lane waits for the other.
 */
public enum Lane {
  /** How many instances there are. */
  CAPACITY,

  /** Which release they run, or which of them are replaced. */
  RELEASE;

  /**
   * The deployment of this lane that is in progress or next.
   *
   * @param open an app's deployments that are not over, oldest first
   */
  public Optional<Deployment> first(List<Deployment> open) {
    return open.stream()
        .filter(deployment -> deployment.lane() == this && !deployment.state().serves())
        .findFirst();
  }
}
