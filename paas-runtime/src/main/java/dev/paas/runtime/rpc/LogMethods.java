package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.runtime.log.Logs;

/** The call that reads what instances print. */
public final class LogMethods implements RuntimeCalls.Group {

  private final Logs logs;

  public LogMethods(Logs logs) {
    this.logs = logs;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    calls.stream(
        RuntimeGrpc.getReadLogsMethod(),
        (request, outgoing) -> new LogStream(logs, request).run(outgoing));
  }
}
