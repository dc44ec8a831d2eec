package dev.paas.runtime.rpc;

import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.runtime.linux.ProcessIdentity;
import java.util.Optional;
import java.util.function.Function;

/** The call that carries a connection to a port of an instance. */
public final class ForwardMethods implements RuntimeCalls.Group {

  private final Function<InstanceName, Optional<ProcessIdentity>> processes;

  /**
   * @param processes the first process of an instance that runs
   */
  public ForwardMethods(Function<InstanceName, Optional<ProcessIdentity>> processes) {
    this.processes = processes;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    calls.streamOfRequests(
        RuntimeGrpc.getForwardMethod(),
        (incoming, outgoing) -> new ForwardStream(processes, incoming, outgoing).run());
  }
}
