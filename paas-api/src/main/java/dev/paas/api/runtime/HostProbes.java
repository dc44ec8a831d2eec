package dev.paas.api.runtime;

import dev.paas.contract.runtime.DoctorRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The probes with which paas-runtimed examines the host. */
@ApplicationScoped
public class HostProbes {

  /** Probes of the host try things out. */
  private static final int PATIENCE_SECONDS = 60;

  private final RuntimeClient runtime;

  HostProbes(RuntimeClient runtime) {
    this.runtime = runtime;
  }

  /** One finding of each probe, good or bad. */
  public List<HostFinding> run() {
    return runtime
        .call(
            () ->
                runtime
                    .patiently()
                    .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .doctor(DoctorRequest.getDefaultInstance()))
        .getFindingsList()
        .stream()
        .map(HostFinding::of)
        .toList();
  }
}
