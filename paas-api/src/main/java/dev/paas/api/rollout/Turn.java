package dev.paas.api.rollout;

import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.Lane;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An app's deployments at this moment.
 *
 * @param open those that are not over, oldest first
 * @param active of each lane the first of them that does not serve yet, capacity before release
 */
record Turn(List<Deployment> open, List<Deployment> active) {

  static Turn of(List<Deployment> open) {
    return new Turn(
        List.copyOf(open),
        Stream.of(Lane.values()).flatMap(lane -> lane.first(open).stream()).toList());
  }

  Optional<Deployment> active(Lane lane) {
    return active.stream().filter(deployment -> deployment.lane() == lane).findFirst();
  }

  /** The active one beside another. */
  Optional<Deployment> beside(Optional<Deployment> one) {
    return active.stream()
        .filter(other -> one.filter(known -> known.lane() == other.lane()).isEmpty())
        .findFirst();
  }

  /** What is planned for, one after the other; without a deployment it is to keep what serves. */
  List<Optional<Deployment>> passes() {
    return active.isEmpty()
        ? List.of(Optional.empty())
        : active.stream().map(Optional::of).toList();
  }
}
