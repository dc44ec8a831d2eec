package dev.paas.runtime.rpc;

import dev.paas.contract.runtime.ListSessionsResponse;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.contract.runtime.SignalSessionResponse;
import dev.paas.contract.runtime.StopSessionResponse;
import dev.paas.runtime.session.Sessions;

/** The calls that concern sessions: commands with streams that can be attached to. */
public final class SessionMethods implements RuntimeCalls.Group {

  private final Sessions sessions;

  public SessionMethods(Sessions sessions) {
    this.sessions = sessions;
  }

  @Override
  public void bind(RuntimeCalls calls) {
    calls.answerLater(RuntimeGrpc.getStartSessionMethod(), sessions::start);
    calls.answer(
        RuntimeGrpc.getListSessionsMethod(),
        request ->
            ListSessionsResponse.newBuilder()
                .addAllSessions(sessions.list(request.getApp()))
                .build());
    calls.answerLater(
        RuntimeGrpc.getStopSessionMethod(),
        request ->
            sessions
                .stop(request.getId(), InstanceMethods.grace(request.getGraceSeconds()))
                .thenApply(ended -> StopSessionResponse.getDefaultInstance()));
    calls.answer(
        RuntimeGrpc.getSignalSessionMethod(),
        request -> {
          sessions.signal(request.getId(), request.getSignal());
          return SignalSessionResponse.getDefaultInstance();
        });
    calls.streamOfRequests(
        RuntimeGrpc.getAttachSessionMethod(),
        (incoming, outgoing) -> new SessionStream(sessions, incoming, outgoing).run());
  }
}
