package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.runtime.sandbox.OneOffs;

/** The call that runs a one-off process. */
public final class OneOffMethods implements RuntimeCalls.Group {

  private final OneOffs oneOffs;

  public OneOffMethods(OneOffs oneOffs) {
    this.oneOffs = oneOffs;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    calls.streamOfRequests(
        RuntimeGrpc.getRunOneOffMethod(),
        (incoming, outgoing) -> {
          try (OneOffs.OneOff process = oneOffs.start(incoming.first().getSpec())) {
            new OneOffStreams(process, incoming, outgoing, oneOffs.grace()).run();
          }
        });
  }
}
