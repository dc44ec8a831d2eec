package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import java.util.List;
import java.util.Optional;

/**
 * An app's deployments at this moment.
 *
 * @param open those that are not over, oldest first
 * @param active the first of them that does not serve yet
 */
record Turn(List<Deployment> open, Optional<Deployment> active) {

  static Turn of(List<Deployment> open) {
    return new Turn(
        List.copyOf(open),
        open.stream().filter(deployment -> !deployment.state().serves()).findFirst());
  }
}
