package dev.paas.runtime.session.launch;

import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.InstanceSpec;
import java.util.Optional;
import java.util.function.Function;

/**
 * The instances that run now.
 *
 * @param find the spec of one that runs
 */
public record RunningInstances(Function<InstanceName, Optional<InstanceSpec>> find) {

  /**
   * @throws dev.paas.base.problem.PaasException {@code instance.not-running}
   */
  public InstanceSpec require(InstanceName name) {
    return find.apply(name).orElseThrow(() -> absent(name));
  }

  /** What is said of one that does not run. */
  public static PaasException absent(InstanceName name) {
    return Problem.of(
            Kind.NOT_FOUND,
            "instance.not-running",
            "There is no such instance, or it does not run now",
            name.toString(),
            "See paas ps for those that run.")
        .asException();
  }
}
