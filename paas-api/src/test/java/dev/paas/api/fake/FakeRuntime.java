package dev.paas.api.fake;

import com.google.protobuf.ByteString;
import dev.paas.contract.runtime.DropCachesRequest;
import dev.paas.contract.runtime.DropCachesResponse;
import dev.paas.contract.runtime.Exit;
import dev.paas.contract.runtime.HasTreeRequest;
import dev.paas.contract.runtime.HasTreeResponse;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.Instance;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.InstanceId;
import dev.paas.contract.runtime.InstanceSpec;
import dev.paas.contract.runtime.ListInstancesRequest;
import dev.paas.contract.runtime.ListInstancesResponse;
import dev.paas.contract.runtime.LogLine;
import dev.paas.contract.runtime.MeasureDiskRequest;
import dev.paas.contract.runtime.MeasureDiskResponse;
import dev.paas.contract.runtime.Problem;
import dev.paas.contract.runtime.PutTreeRequest;
import dev.paas.contract.runtime.PutTreeResponse;
import dev.paas.contract.runtime.ReadLogsRequest;
import dev.paas.contract.runtime.RemoveAppRequest;
import dev.paas.contract.runtime.RemoveAppResponse;
import dev.paas.contract.runtime.RemoveImageRequest;
import dev.paas.contract.runtime.RemoveImageResponse;
import dev.paas.contract.runtime.ResolveImageRequest;
import dev.paas.contract.runtime.RunOneOffEvent;
import dev.paas.contract.runtime.RunOneOffRequest;
import dev.paas.contract.runtime.RuntimeGrpc;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.contract.runtime.StartInstanceRequest;
import dev.paas.contract.runtime.StopInstanceRequest;
import dev.paas.contract.runtime.StopInstanceResponse;
import dev.paas.contract.runtime.WatchInstancesRequest;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A runtime that keeps books: images are digests, instances are rows that listen at once, or do
 * what {@link #behave} says.
 */
public final class FakeRuntime extends RuntimeGrpc.RuntimeImplBase implements AutoCloseable {

  /** What instances do after their start. */
  public enum Behaviour {
    LISTEN,
    LISTEN_ON_3000,
    EXIT
  }

  /** A registry that takes connections and never says anything. */
  public static final String SILENT = "silent.example.org/";

  private static final Metadata.Key<byte[]> PROBLEM =
      Metadata.Key.of("paas-problem-bin", Metadata.BINARY_BYTE_MARSHALLER);

  private final EventLoopGroup loop = new EpollEventLoopGroup(2);
  private final Server server;

  /** All guarded by this. */
  private final Map<InstanceId, Instance> instances = new LinkedHashMap<>();

  private final Map<InstanceId, InstanceSpec> specs = new LinkedHashMap<>();
  private final List<StreamObserver<InstanceEvent>> watchers = new ArrayList<>();
  private final Set<String> trees = new HashSet<>();
  private final Set<String> images = new HashSet<>();
  private Behaviour behaviour = Behaviour.LISTEN;
  private boolean buildsFail;
  private boolean buildsWait;
  private final long deaths;
  private final Set<Object> building = new HashSet<>();
  private final Set<Object> runs = new HashSet<>();
  private final Set<Object> pulls = new HashSet<>();
  private int startsThatFail;
  private long imageBytes;
  private long cacheBytes;
  private int nextPid = 1000;

  public FakeRuntime(Path socket) throws IOException {
    this(socket, 0, false);
  }

  /**
   * @param deaths of those before it
   */
  FakeRuntime(Path socket, long deaths, boolean buildsWait) throws IOException {
    this.deaths = deaths;
    this.buildsWait = buildsWait;
    this.server =
        NettyServerBuilder.forAddress(new DomainSocketAddress(socket.toFile()))
            .channelType(EpollServerDomainSocketChannel.class)
            .bossEventLoopGroup(loop)
            .workerEventLoopGroup(loop)
            .directExecutor()
            .addService(this)
            .build()
            .start();
  }

  public synchronized void behave(Behaviour now) {
    behaviour = now;
  }

  /** All instances of an app listen where they should from now on. */
  public synchronized void listen(String app) {
    for (Instance instance : instances(app)) {
      change(
          instance.toBuilder()
              .setState(Instance.State.RUNNING)
              .clearListening()
              .addListening(instance.getPort())
              .build());
    }
  }

  public synchronized void buildsFail(boolean now) {
    buildsFail = now;
  }

  /** Builds go on until they are cancelled or let go. */
  public synchronized void buildsWait(boolean now) {
    buildsWait = now;
    if (!now) {
      notifyAll();
    }
  }

  /** How many builds are under way in the runtime. */
  public synchronized int building() {
    return building.size();
  }

  /** How many one-off runs are under way. */
  public synchronized int running() {
    return runs.size();
  }

  /** So many of the next starts fail for a reason of the host. */
  public synchronized void startsFail(int number) {
    startsThatFail = number;
  }

  public synchronized List<Instance> instances(String app) {
    return instances.values().stream().filter(i -> i.getId().getApp().equals(app)).toList();
  }

  public synchronized InstanceSpec spec(InstanceId id) {
    InstanceSpec spec = specs.get(id);
    if (spec == null) {
      throw new IllegalArgumentException("never started: " + id);
    }
    return spec;
  }

  /** How large the one layer of each image is from now on, and the caches of everybody are. */
  public synchronized void disk(long image, long caches) {
    imageBytes = image;
    cacheBytes = caches;
  }

  public synchronized long cacheBytes() {
    return cacheBytes;
  }

  public synchronized Set<String> images() {
    return Set.copyOf(images);
  }

  /** The host lost them, e.g. by a reboot. */
  public synchronized void loseInstances(String app) {
    for (Instance instance : instances(app)) {
      gone(instance.getId());
    }
  }

  @Override
  public void hasTree(HasTreeRequest request, StreamObserver<HasTreeResponse> answer) {
    boolean present;
    synchronized (this) {
      present = trees.contains(request.getDigest());
    }
    one(answer, HasTreeResponse.newBuilder().setPresent(present).build());
  }

  @Override
  public StreamObserver<PutTreeRequest> putTree(StreamObserver<PutTreeResponse> answer) {
    MessageDigest digest = sha256();
    return new StreamObserver<>() {
      @Override
      public void onNext(PutTreeRequest part) {
        digest.update(part.getData().toByteArray());
      }

      @Override
      public void onError(Throwable cut) {}

      @Override
      public void onCompleted() {
        String name = "sha256:" + HexFormat.of().formatHex(digest.digest());
        synchronized (FakeRuntime.this) {
          trees.add(name);
        }
        one(answer, PutTreeResponse.newBuilder().setDigest(name).build());
      }
    };
  }

  @Override
  public void resolveImage(ResolveImageRequest request, StreamObserver<Image> answer) {
    if (request.getRef().startsWith(SILENT)) {
      if (request.getPull()) {
        pulling(answer);
      } else {
        refuse(
            answer,
            Problem.Kind.NOT_FOUND,
            "image.not-found",
            "There is no such image on this host");
      }
      return;
    }
    one(answer, Image.newBuilder().setDigest("sha256:base").addNames(request.getRef()).build());
  }

  private synchronized void pulling(StreamObserver<Image> answer) {
    pulls.add(answer);
    ((ServerCallStreamObserver<Image>) answer)
        .setOnCancelHandler(
            () -> {
              synchronized (FakeRuntime.this) {
                pulls.remove(answer);
              }
            });
  }

  /** How many images are asked for of a registry that never answers. */
  public synchronized int pulling() {
    return pulls.size();
  }

  @Override
  public void solve(SolveRequest request, StreamObserver<SolveEvent> answer) {
    if (buildWaits(answer)) {
      return;
    }
    boolean fails;
    long bytes;
    synchronized (this) {
      fails = buildsFail;
      bytes = imageBytes;
    }
    answer.onNext(
        SolveEvent.newBuilder()
            .setStarted(SolveEvent.StepStarted.newBuilder().setNode("n1").setTitle("RUN make"))
            .build());
    answer.onNext(
        SolveEvent.newBuilder()
            .setOutput(
                SolveEvent.StepOutput.newBuilder()
                    .setNode("n1")
                    .setData(ByteString.copyFromUtf8("made it\n")))
            .build());
    if (fails) {
      refuse(answer, Problem.Kind.IMPOSSIBLE, "build.step-failed", "RUN make ended with 2");
      return;
    }
    answer.onNext(
        SolveEvent.newBuilder()
            .setFinished(
                SolveEvent.StepFinished.newBuilder()
                    .setNode("n1")
                    .setTitle("RUN make")
                    .setLayerBytes(bytes)
                    .setMillis(1200))
            .build());
    String digest =
        "sha256:" + HexFormat.of().formatHex(sha256().digest(request.getGraph().toByteArray()));
    synchronized (this) {
      images.add(request.getName());
    }
    answer.onNext(SolveEvent.newBuilder().setImage(Image.newBuilder().setDigest(digest)).build());
    answer.onCompleted();
  }

  @Override
  public synchronized void measureDisk(
      MeasureDiskRequest request, StreamObserver<MeasureDiskResponse> answer) {
    one(
        answer,
        MeasureDiskResponse.newBuilder()
            .setImageBytes(
                images.stream()
                        .filter(
                            name -> request.getAppsList().stream().anyMatch(it -> isOf(name, it)))
                        .count()
                    * imageBytes)
            .setCacheBytes(cacheBytes)
            .build());
  }

  private static boolean isOf(String image, String app) {
    return image.startsWith("apps/" + app + ":");
  }

  @Override
  public synchronized void dropCaches(
      DropCachesRequest request, StreamObserver<DropCachesResponse> answer) {
    cacheBytes = 0;
    one(answer, DropCachesResponse.getDefaultInstance());
  }

  @Override
  public void removeImage(RemoveImageRequest request, StreamObserver<RemoveImageResponse> answer) {
    boolean removed;
    synchronized (this) {
      removed = images.remove(request.getRef());
    }
    one(answer, RemoveImageResponse.newBuilder().setRemoved(removed).build());
  }

  @Override
  public synchronized void startInstance(
      StartInstanceRequest request, StreamObserver<Instance> answer) {
    InstanceSpec spec = request.getSpec();
    Instance known = instances.get(spec.getId());
    if (known == null && startsThatFail > 0) {
      startsThatFail--;
      refuse(
          answer, Problem.Kind.HOST_FAILED, "instance.start-failed", "The container can't be made");
      return;
    }
    if (known == null) {
      known =
          Instance.newBuilder()
              .setId(spec.getId())
              .setState(Instance.State.STARTING)
              .setPid(nextPid++)
              .setAddress("10.1.0." + (nextPid % 250))
              .setPort(spec.getPort())
              .setImage(spec.getImage())
              .build();
      specs.put(spec.getId(), spec);
      change(known);
      change(after(known));
    }
    one(answer, known);
  }

  private Instance after(Instance started) {
    return switch (behaviour) {
      case LISTEN ->
          started.toBuilder()
              .setState(Instance.State.RUNNING)
              .addListening(started.getPort())
              .build();
      case LISTEN_ON_3000 -> started.toBuilder().addListening(3000).build();
      case EXIT ->
          started.toBuilder()
              .setState(Instance.State.BACKOFF)
              .setPid(0)
              .setLastExit(
                  Exit.newBuilder()
                      .setReason(Exit.Reason.EXITED)
                      .setCode(1)
                      .setDetail("exited with 1"))
              .build();
    };
  }

  @Override
  public synchronized void stopInstance(
      StopInstanceRequest request, StreamObserver<StopInstanceResponse> answer) {
    gone(request.getId());
    one(answer, StopInstanceResponse.getDefaultInstance());
  }

  @Override
  public synchronized void listInstances(
      ListInstancesRequest request, StreamObserver<ListInstancesResponse> answer) {
    one(
        answer,
        ListInstancesResponse.newBuilder()
            .addAllInstances(
                request.getApp().isEmpty() ? instances.values() : instances(request.getApp()))
            .build());
  }

  @Override
  public synchronized void watchInstances(
      WatchInstancesRequest request, StreamObserver<InstanceEvent> answer) {
    answer.onNext(
        InstanceEvent.newBuilder()
            .setSnapshot(
                ListInstancesResponse.newBuilder()
                    .addAllInstances(instances.values())
                    .setDeaths(deaths))
            .build());
    watchers.add(answer);
  }

  private synchronized boolean buildWaits(StreamObserver<SolveEvent> answer) {
    if (buildsWait) {
      building.add(answer);
      ((ServerCallStreamObserver<SolveEvent>) answer)
          .setOnCancelHandler(
              () -> {
                synchronized (FakeRuntime.this) {
                  building.remove(answer);
                }
              });
    }
    return buildsWait;
  }

  @Override
  public StreamObserver<RunOneOffRequest> runOneOff(StreamObserver<RunOneOffEvent> answer) {
    synchronized (this) {
      runs.add(answer);
    }
    ((ServerCallStreamObserver<RunOneOffEvent>) answer)
        .setOnCancelHandler(
            () -> {
              synchronized (FakeRuntime.this) {
                runs.remove(answer);
              }
            });
    return new StreamObserver<>() {
      @Override
      public void onNext(RunOneOffRequest request) {}

      @Override
      public void onError(Throwable hungUp) {}

      @Override
      public void onCompleted() {}
    };
  }

  @Override
  public void readLogs(ReadLogsRequest request, StreamObserver<LogLine> answer) {
    for (Instance instance : instances(request.getApp())) {
      answer.onNext(
          LogLine.newBuilder()
              .setAtNanos(1_700_000_000_000_000_000L)
              .setId(instance.getId())
              .setText("hello from " + instance.getId().getSlot())
              .build());
    }
    if (request.getFollow()) {
      ((ServerCallStreamObserver<LogLine>) answer).setOnCancelHandler(() -> {});
      return;
    }
    answer.onCompleted();
  }

  @Override
  public synchronized void removeApp(
      RemoveAppRequest request, StreamObserver<RemoveAppResponse> answer) {
    loseInstances(request.getApp());
    images.removeIf(name -> name.startsWith("apps/" + request.getApp() + ":"));
    one(answer, RemoveAppResponse.getDefaultInstance());
  }

  private void change(Instance instance) {
    instances.put(instance.getId(), instance);
    tell(InstanceEvent.newBuilder().setChanged(instance).build());
  }

  private void gone(InstanceId id) {
    if (instances.remove(id) != null) {
      tell(InstanceEvent.newBuilder().setRemoved(id).build());
    }
  }

  private void tell(InstanceEvent event) {
    watchers.removeIf(
        watcher -> {
          try {
            watcher.onNext(event);
            return false;
          } catch (RuntimeException hungUp) {
            return true;
          }
        });
  }

  private static void refuse(
      StreamObserver<?> answer, Problem.Kind kind, String code, String what) {
    Metadata trailers = new Metadata();
    trailers.put(
        PROBLEM,
        Problem.newBuilder()
            .setKind(kind)
            .setCode(code)
            .setWhat(what)
            .setFix("Mend it.")
            .build()
            .toByteArray());
    answer.onError(Status.FAILED_PRECONDITION.asRuntimeException(trailers));
  }

  private static <T> void one(StreamObserver<T> answer, T value) {
    answer.onNext(value);
    answer.onCompleted();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }
}
