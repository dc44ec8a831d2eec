package dev.paas.api.rollout;

import dev.paas.base.name.InstanceName;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What to do now for one app.
 *
 * @param steps in order
 * @param backends instances that requests may go to, once the steps are done
 * @param leaving instances that nobody wants any more and that are not gone yet
 * @param waitingFor what keeps it from being done, if anything does
 * @param draining what keeps instances here that are leaving, if anything does
 */
record RolloutPlan(
    List<RolloutStep> steps,
    SortedSet<InstanceName> backends,
    SortedSet<InstanceName> leaving,
    Optional<Wait> waitingFor,
    Optional<Wait> draining) {

  /** Whether what the deployment wants is to become what serves; then this is the only step. */
  boolean switches() {
    return steps.stream().anyMatch(RolloutStep.Switch.class::isInstance);
  }

  RolloutPlan {
    steps = List.copyOf(steps);
    backends = new TreeSet<>(backends);
    leaving = new TreeSet<>(leaving);
  }
}
