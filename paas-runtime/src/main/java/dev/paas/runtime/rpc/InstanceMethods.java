package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.ListInstancesResponse;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.contract.runtime.StopInstanceResponse;
import dev.paas.runtime.instance.Supervisor;
import java.time.Duration;

/** The calls that concern instances. */
public final class InstanceMethods implements RuntimeCalls.Group {

  /** Longest grace that a stop may ask for, in seconds. */
  private static final int MAX_GRACE = 600;

  private final Supervisor instances;

  public InstanceMethods(Supervisor instances) {
    this.instances = instances;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    calls.answerLater(
        RuntimeGrpc.getStartInstanceMethod(), request -> instances.start(request.getSpec()));
    calls.answerLater(
        RuntimeGrpc.getStopInstanceMethod(),
        request ->
            instances
                .stop(request.getId(), grace(request.getGraceSeconds()))
                .thenApply(gone -> StopInstanceResponse.getDefaultInstance()));
    calls.answer(
        RuntimeGrpc.getListInstancesMethod(),
        request ->
            ListInstancesResponse.newBuilder()
                .addAllInstances(instances.list(request.getApp()))
                .build());
    calls.subscribe(
        RuntimeGrpc.getWatchInstancesMethod(),
        (request, observer) -> new WatchStream(observer).start(instances));
  }

  static Duration grace(int seconds) {
    return Duration.ofSeconds(Math.max(0, Math.min(seconds, MAX_GRACE)));
  }
}
