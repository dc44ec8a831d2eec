package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.runtime.solve.SolveCalls;

/** The call that builds. */
public final class BuildMethods implements RuntimeCalls.Group {

  private final SolveCalls solves;

  public BuildMethods(SolveCalls solves) {
    this.solves = solves;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    calls.stream(
        RuntimeGrpc.getSolveMethod(), (request, outgoing) -> solves.solve(request, outgoing::send));
  }
}
