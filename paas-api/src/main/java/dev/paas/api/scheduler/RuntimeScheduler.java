package dev.paas.api.scheduler;

import dev.paas.api.runtime.Download;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.ListInstancesRequest;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.contract.runtime.StartInstanceRequest;
import dev.paas.contract.runtime.StopInstanceRequest;
import dev.paas.contract.runtime.WatchInstancesRequest;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import io.grpc.stub.StreamObserver;
import io.smallrye.mutiny.Multi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Function;

/** Has paas-runtimed run the instances. */
public final class RuntimeScheduler implements Scheduler {

  /** More than the lines that say what becomes of an instance for each line that it prints. */
  private static final int LINES_PER_LIFE = 4;

  private final RuntimeClient runtime;

  public RuntimeScheduler(RuntimeClient runtime) {
    this.runtime = runtime;
  }

  @Override
  public Watch watch(Watcher watcher) {
    CancellableContext context = Context.ROOT.withCancellation();
    runtime.connectNow();
    context.run(
        () ->
            runtime
                .streaming()
                .watchInstances(WatchInstancesRequest.getDefaultInstance(), new Events(watcher)));
    return () -> context.cancel(null);
  }

  private record Events(Watcher watcher) implements StreamObserver<InstanceEvent> {

    @Override
    public void onNext(InstanceEvent event) {
      switch (event.getEventCase()) {
        case SNAPSHOT ->
            watcher.snapshot(
                event.getSnapshot().getInstancesList().stream()
                    .map(RuntimeMessages::instance)
                    .toList(),
                event.getSnapshot().getDeaths());
        case CHANGED -> watcher.changed(RuntimeMessages.instance(event.getChanged()));
        case REMOVED -> watcher.removed(RuntimeMessages.name(event.getRemoved()));
        case EVENT_NOT_SET -> {} // a newer runtime's
      }
    }

    @Override
    public void onError(Throwable failed) {
      watcher.lost(String.valueOf(failed.getMessage()));
    }

    @Override
    public void onCompleted() {
      watcher.lost("the stream ended");
    }
  }

  @Override
  public List<Instance> list(AppName app) {
    ListInstancesRequest request = ListInstancesRequest.newBuilder().setApp(app.value()).build();
    return runtime.call(() -> runtime.now().listInstances(request)).getInstancesList().stream()
        .map(RuntimeMessages::instance)
        .toList();
  }

  @Override
  public CompletableFuture<Instance> start(InstanceSpec spec) {
    StartInstanceRequest request =
        StartInstanceRequest.newBuilder().setSpec(RuntimeMessages.spec(spec)).build();
    return translated(
        runtime.ask(request, runtime.streaming()::startInstance), RuntimeMessages::instance);
  }

  @Override
  public CompletableFuture<InstanceName> stop(InstanceName instance, Duration grace) {
    StopInstanceRequest request =
        StopInstanceRequest.newBuilder()
            .setId(RuntimeMessages.id(instance))
            .setGraceSeconds(Math.toIntExact(grace.toSeconds()))
            .build();
    return translated(runtime.ask(request, runtime.streaming()::stopInstance), stopped -> instance);
  }

  /** Unlike a dependent stage, it fails with what the call failed with, not with a wrapper. */
  static <A, B> CompletableFuture<B> translated(
      CompletableFuture<A> asked, Function<A, B> translation) {
    CompletableFuture<B> answer = new CompletableFuture<>();
    var unused =
        asked.whenComplete(
            (value, failed) -> {
              if (failed != null) {
                answer.completeExceptionally(failed);
                return;
              }
              try {
                answer.complete(translation.apply(value));
              } catch (RuntimeException malformed) {
                answer.completeExceptionally(malformed);
              }
            });
    return answer;
  }

  @Override
  public List<String> lastLines(InstanceName instance, int count) {
    ReadLogsRequest request =
        RuntimeMessages.logs(
            new LogQuery(
                instance.app(),
                instance.process().value(),
                instance.slot(),
                count * LINES_PER_LIFE,
                false));
    return runtime.call(
        () -> {
          List<String> lines = new ArrayList<>();
          runtime
              .now()
              .readLogs(request)
              .forEachRemaining(
                  sent -> {
                    LogLine line = RuntimeMessages.line(sent);
                    boolean own = line.instance().equals(instance);
                    if (own && line.kind() != LogLine.Kind.LIFE) {
                      lines.add(line.text());
                    }
                  });
          return lines.subList(Math.max(0, lines.size() - count), lines.size());
        });
  }

  @Override
  public Flow.Publisher<LogLine> logs(LogQuery query) {
    ReadLogsRequest request = RuntimeMessages.logs(query);
    return Multi.createFrom()
        .publisher(
            new Download<ReadLogsRequest, dev.paas.contract.runtime.LogLine>(
                answer -> runtime.streaming().readLogs(request, answer)))
        .map(RuntimeMessages::line);
  }

  @Override
  public Run run(InstanceSpec spec) {
    return new RuntimeRun(spec, runtime);
  }

  @Override
  public Sessions sessions() {
    return new RuntimeSessions(runtime);
  }

  @Override
  public void removeApp(AppName app, Duration patience) {
    runtime.removeApp(app, patience);
  }
}
