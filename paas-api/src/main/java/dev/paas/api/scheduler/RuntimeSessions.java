package dev.paas.api.scheduler;

import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.ListSessionsRequest;
import dev.paas.contract.runtime.ListSessionsResponse;
import dev.paas.contract.runtime.SignalSessionRequest;
import dev.paas.contract.runtime.StopSessionRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Sessions that paas-runtimed runs. */
final class RuntimeSessions implements Sessions {

  private final RuntimeClient runtime;

  RuntimeSessions(RuntimeClient runtime) {
    this.runtime = runtime;
  }

  @Override
  public CompletableFuture<Session> start(SessionSpec spec) {
    return RuntimeScheduler.translated(
        runtime.ask(SessionMessages.start(spec), runtime.streaming()::startSession),
        SessionMessages::session);
  }

  @Override
  public Attachment attach(String id, long position) {
    return new RuntimeAttachment(
        SessionMessages.open(id, position), events -> runtime.streaming().attachSession(events));
  }

  @Override
  public Attachment forward(InstanceName instance, int port) {
    return new RuntimeAttachment(
        SessionMessages.forward(instance, port), events -> runtime.streaming().forward(events));
  }

  @Override
  public List<Session> list(AppName app) {
    return list(app.value());
  }

  @Override
  public List<Session> all() {
    return list("");
  }

  private List<Session> list(String app) {
    ListSessionsRequest request = ListSessionsRequest.newBuilder().setApp(app).build();
    return runtime.call(() -> ask(request)).getSessionsList().stream()
        .map(SessionMessages::session)
        .toList();
  }

  /** An older paas-runtimed knows no sessions, so it has none. */
  private ListSessionsResponse ask(ListSessionsRequest request) {
    try {
      return runtime.now().listSessions(request);
    } catch (StatusRuntimeException failed) {
      if (failed.getStatus().getCode() == Status.Code.UNIMPLEMENTED) {
        return ListSessionsResponse.getDefaultInstance();
      }
      throw failed;
    }
  }

  @Override
  public CompletableFuture<String> stop(String id, Duration grace) {
    StopSessionRequest request =
        StopSessionRequest.newBuilder()
            .setId(id)
            .setGraceSeconds(Math.toIntExact(grace.toSeconds()))
            .build();
    return RuntimeScheduler.translated(
        runtime.ask(request, runtime.streaming()::stopSession), stopped -> id);
  }

  @Override
  public CompletableFuture<String> signal(String id, int number) {
    SignalSessionRequest request =
        SignalSessionRequest.newBuilder().setId(id).setSignal(number).build();
    return RuntimeScheduler.translated(
        runtime.ask(request, runtime.streaming()::signalSession), sent -> id);
  }
}
