package dev.paas.runtime.rpc;

import com.google.protobuf.ByteString;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.*;
import dev.paas.runtime.disk.DiskAccounts;
import dev.paas.runtime.doctor.Doctor;
import dev.paas.runtime.image.ImageCalls;
import dev.paas.runtime.instance.Supervisor;
import dev.paas.runtime.log.Logs;
import dev.paas.runtime.sandbox.OneOffs;
import dev.paas.runtime.solve.SolveCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The contract's calls. Each is one step to the class that does the work; here is only how requests
 * come, answers go and failures are told.
 */
public final class RuntimeCalls extends RuntimeGrpc.RuntimeImplBase {

  /** Longest grace that a stop may ask for, in seconds. */
  private static final int MAX_GRACE = 600;

  private final GetInfoResponse info;
  private final Doctor doctor;
  private final ImageCalls images;
  private final SolveCalls solves;
  private final Supervisor instances;
  private final OneOffs oneOffs;
  private final Logs logs;
  private final AppRemoval removal;
  private final DiskAccounts disk;
  private final ExecutorService jobs;

  /** Removes all of an app. */
  public interface AppRemoval {
    void remove(AppName app) throws Exception;
  }

  /**
   * @param info what {@code GetInfo} answers
   * @param jobs runs what blocks: builds, pulls, streams
   */
  public RuntimeCalls(
      GetInfoResponse info,
      Doctor doctor,
      ImageCalls images,
      SolveCalls solves,
      Supervisor instances,
      OneOffs oneOffs,
      Logs logs,
      AppRemoval removal,
      DiskAccounts disk,
      ExecutorService jobs) {
    this.info = info;
    this.doctor = doctor;
    this.images = images;
    this.solves = solves;
    this.instances = instances;
    this.oneOffs = oneOffs;
    this.logs = logs;
    this.removal = removal;
    this.disk = disk;
    this.jobs = jobs;
  }

  private interface Work<T> {
    T run() throws Exception;
  }

  private interface Job {
    void run() throws Exception;
  }

  private static <T> void answer(String call, StreamObserver<T> observer, Work<T> work) {
    T answer;
    try {
      answer = work.run();
    } catch (Throwable failed) {
      // The edge of the process: every failure becomes an answer, or the caller waits for ever.
      observer.onError(Failures.of(call, failed));
      return;
    }
    observer.onNext(answer);
    observer.onCompleted();
  }

  /** Answers when the work is done; no thread waits for that. */
  @SuppressWarnings("FutureReturnValueIgnored")
  private static <T> void answerLater(
      String call, StreamObserver<T> observer, Work<CompletableFuture<T>> work) {
    CompletableFuture<T> begun;
    try {
      begun = work.run();
    } catch (Throwable failed) { // or the caller waits for ever
      observer.onError(Failures.of(call, failed));
      return;
    }
    begun.whenComplete(
        (answer, failed) -> {
          if (failed == null) {
            observer.onNext(answer);
            observer.onCompleted();
          } else {
            observer.onError(Failures.of(call, cause(failed)));
          }
        });
  }

  // A future that was made of another one wraps that one's failure.
  private static Throwable cause(Throwable failed) {
    return failed instanceof CompletionException && failed.getCause() != null
        ? failed.getCause()
        : failed;
  }

  /**
   * A stream of answers that a job of its own makes; the job is interrupted when the caller goes
   * away.
   */
  private <T> void stream(String call, StreamObserver<T> observer, Stream<T> stream) {
    AtomicReference<Future<?>> job = new AtomicReference<>();
    ServerCallStreamObserver<T> answers = (ServerCallStreamObserver<T>) observer;
    Outgoing<T> outgoing = new Outgoing<>(answers, () -> cancel(job.get()));
    job.set(start(call, outgoing, () -> stream.run(outgoing)));
    if (answers.isCancelled()) {
      cancel(job.get());
    }
  }

  private interface Stream<T> {
    void run(Outgoing<T> outgoing) throws Exception;
  }

  private <T> Future<?> start(String call, Outgoing<T> outgoing, Job job) {
    try {
      return jobs.submit(
          () -> {
            try {
              job.run();
              outgoing.complete();
            } catch (Throwable failed) { // or the caller waits for ever
              outgoing.fail(call, failed);
            }
          });
    } catch (RejectedExecutionException full) {
      outgoing.fail(call, Failures.busy());
      return CompletableFuture.completedFuture(null);
    }
  }

  private static void cancel(@org.jspecify.annotations.Nullable Future<?> job) {
    if (job != null) {
      job.cancel(true);
    }
  }

  @Override
  public void getInfo(GetInfoRequest request, StreamObserver<GetInfoResponse> observer) {
    answer("GetInfo", observer, () -> info);
  }

  @Override
  public void doctor(DoctorRequest request, StreamObserver<DoctorResponse> observer) {
    answer(
        "Doctor",
        observer,
        () -> DoctorResponse.newBuilder().addAllFindings(doctor.examine()).build());
  }

  @Override
  public void hasTree(HasTreeRequest request, StreamObserver<HasTreeResponse> observer) {
    answer(
        "HasTree",
        observer,
        () -> HasTreeResponse.newBuilder().setPresent(images.hasTree(request.getDigest())).build());
  }

  @Override
  public StreamObserver<PutTreeRequest> putTree(StreamObserver<PutTreeResponse> observer) {
    ServerCallStreamObserver<PutTreeResponse> call =
        (ServerCallStreamObserver<PutTreeResponse>) observer;
    Incoming<PutTreeRequest> incoming = new Incoming<>(call);
    stream(
        "PutTree",
        observer,
        outgoing -> outgoing.send(images.putTree(new Chunks<>(incoming, PutTreeRequest::getData))));
    return incoming;
  }

  @Override
  public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> observer) {
    answer(
        "ListImages",
        observer,
        () -> ListImagesResponse.newBuilder().addAllImages(images.list()).build());
  }

  @Override
  public void resolveImage(ResolveImageRequest request, StreamObserver<Image> observer) {
    stream("ResolveImage", observer, outgoing -> outgoing.send(images.resolve(request)));
  }

  @Override
  public void pullImage(PullImageRequest request, StreamObserver<PullImageEvent> observer) {
    stream("PullImage", observer, outgoing -> images.pull(request, outgoing::send));
  }

  @Override
  public StreamObserver<ImportImageRequest> importImage(StreamObserver<Image> observer) {
    ServerCallStreamObserver<Image> call = (ServerCallStreamObserver<Image>) observer;
    Incoming<ImportImageRequest> incoming = new Incoming<>(call);
    stream(
        "ImportImage",
        observer,
        outgoing -> {
          ImportImageRequest.Header header =
              incoming.take().map(ImportImageRequest::getHeader).orElseThrow(RuntimeCalls::empty);
          outgoing.send(
              images.importImage(header, new Chunks<>(incoming, ImportImageRequest::getData)));
        });
    return incoming;
  }

  @Override
  public void removeImage(
      RemoveImageRequest request, StreamObserver<RemoveImageResponse> observer) {
    answer(
        "RemoveImage",
        observer,
        () -> RemoveImageResponse.newBuilder().setRemoved(images.remove(request.getRef())).build());
  }

  @Override
  public void solve(SolveRequest request, StreamObserver<SolveEvent> observer) {
    stream("Solve", observer, outgoing -> solves.solve(request, outgoing::send));
  }

  @Override
  public void startInstance(StartInstanceRequest request, StreamObserver<Instance> observer) {
    answerLater("StartInstance", observer, () -> instances.start(request.getSpec()));
  }

  @Override
  public void stopInstance(
      StopInstanceRequest request, StreamObserver<StopInstanceResponse> observer) {
    Duration grace =
        Duration.ofSeconds(Math.max(0, Math.min(request.getGraceSeconds(), MAX_GRACE)));
    answerLater(
        "StopInstance",
        observer,
        () ->
            instances
                .stop(request.getId(), grace)
                .thenApply(gone -> StopInstanceResponse.getDefaultInstance()));
  }

  @Override
  public void listInstances(
      ListInstancesRequest request, StreamObserver<ListInstancesResponse> observer) {
    answer(
        "ListInstances",
        observer,
        () ->
            ListInstancesResponse.newBuilder()
                .addAllInstances(instances.list(request.getApp()))
                .build());
  }

  @Override
  public void watchInstances(
      WatchInstancesRequest request, StreamObserver<InstanceEvent> observer) {
    try {
      new WatchStream((ServerCallStreamObserver<InstanceEvent>) observer).start(instances);
    } catch (RuntimeException failed) {
      observer.onError(Failures.of("WatchInstances", failed));
    }
  }

  @Override
  public StreamObserver<RunOneOffRequest> runOneOff(StreamObserver<RunOneOffEvent> observer) {
    ServerCallStreamObserver<RunOneOffEvent> call =
        (ServerCallStreamObserver<RunOneOffEvent>) observer;
    Incoming<RunOneOffRequest> incoming = new Incoming<>(call);
    stream(
        "RunOneOff",
        observer,
        outgoing -> {
          InstanceSpec spec =
              incoming.take().map(RunOneOffRequest::getSpec).orElseThrow(RuntimeCalls::empty);
          try (OneOffs.OneOff process = oneOffs.start(spec)) {
            new OneOffStreams(process, incoming, outgoing, oneOffs.grace()).run();
          }
        });
    return incoming;
  }

  @Override
  public void readLogs(ReadLogsRequest request, StreamObserver<LogLine> observer) {
    stream("ReadLogs", observer, outgoing -> new LogStream(logs, request).run(outgoing));
  }

  @Override
  public void removeApp(RemoveAppRequest request, StreamObserver<RemoveAppResponse> observer) {
    stream(
        "RemoveApp",
        observer,
        outgoing -> {
          removal.remove(new AppName(request.getApp()));
          outgoing.send(RemoveAppResponse.getDefaultInstance());
        });
  }

  @Override
  public void measureDisk(
      MeasureDiskRequest request, StreamObserver<MeasureDiskResponse> observer) {
    stream("MeasureDisk", observer, outgoing -> outgoing.send(disk.measure(request)));
  }

  @Override
  public void dropCaches(DropCachesRequest request, StreamObserver<DropCachesResponse> observer) {
    stream(
        "DropCaches",
        observer,
        outgoing -> {
          disk.drop(request);
          outgoing.send(DropCachesResponse.getDefaultInstance());
        });
  }

  private static RuntimeException empty() {
    return Problem.of(
            Kind.INVALID,
            "runtime.bad-call",
            "The call said nothing",
            "Send the first message of the stream before its end.")
        .asException();
  }

  /** The bytes of a stream of messages. */
  private record Chunks<T>(Incoming<T> messages, java.util.function.Function<T, ByteString> bytes)
      implements Iterator<ByteString> {
    @Override
    public boolean hasNext() {
      return messages.hasNext();
    }

    @Override
    public ByteString next() {
      return bytes.apply(messages.next());
    }
  }
}
