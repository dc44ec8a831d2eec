package dev.paas.api.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import dev.paas.api.scheduler.Instance;
import dev.paas.api.scheduler.RuntimeMessages;
import dev.paas.api.scheduler.Scheduler;
import dev.paas.api.scheduler.Session;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.runtime.AttachSessionEvent;
import dev.paas.contract.runtime.AttachSessionRequest;
import dev.paas.contract.runtime.DropCachesRequest;
import dev.paas.contract.runtime.DropCachesResponse;
import dev.paas.contract.runtime.HasTreeRequest;
import dev.paas.contract.runtime.HasTreeResponse;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.ImageConfig;
import dev.paas.contract.runtime.ImageDetails;
import dev.paas.contract.runtime.InspectImageRequest;
import dev.paas.contract.runtime.InstanceEvent;
import dev.paas.contract.runtime.ListImagesRequest;
import dev.paas.contract.runtime.ListImagesResponse;
import dev.paas.contract.runtime.ListInstancesRequest;
import dev.paas.contract.runtime.ListInstancesResponse;
import dev.paas.contract.runtime.ListSessionsRequest;
import dev.paas.contract.runtime.ListSessionsResponse;
import dev.paas.contract.runtime.LoadImageRequest;
import dev.paas.contract.runtime.LoadImageResponse;
import dev.paas.contract.runtime.MeasureDiskRequest;
import dev.paas.contract.runtime.MeasureDiskResponse;
import dev.paas.contract.runtime.PullImageEvent;
import dev.paas.contract.runtime.PullImageRequest;
import dev.paas.contract.runtime.PushImageEvent;
import dev.paas.contract.runtime.PushImageRequest;
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
import dev.paas.contract.runtime.SaveImageChunk;
import dev.paas.contract.runtime.SaveImageRequest;
import dev.paas.contract.runtime.SignalSessionRequest;
import dev.paas.contract.runtime.SignalSessionResponse;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.contract.runtime.StartInstanceRequest;
import dev.paas.contract.runtime.StartSessionRequest;
import dev.paas.contract.runtime.StopInstanceRequest;
import dev.paas.contract.runtime.StopInstanceResponse;
import dev.paas.contract.runtime.StopSessionRequest;
import dev.paas.contract.runtime.StopSessionResponse;
import dev.paas.contract.runtime.TagImageRequest;
import dev.paas.contract.runtime.WatchInstancesRequest;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollServerDomainSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A runtime that keeps books: images are digests, builds say what tests want to hear, and instances
 * are those of a {@link MemoryScheduler}. What RuntimeScheduler sees of it passes {@code
 * SchedulerContract}.
 */
public final class FakeRuntime extends RuntimeGrpc.RuntimeImplBase implements AutoCloseable {

  /** A registry that takes connections and never says anything. */
  public static final String SILENT = "silent.example.org/";

  private final EventLoopGroup loop = new EpollEventLoopGroup(2);
  private final Server server;

  private final Stock stock;
  private final MemoryScheduler instances;

  /** All guarded by this. */
  private boolean buildsFail;

  private SolveRequest solved = SolveRequest.getDefaultInstance();

  private boolean buildsWait;
  private final Set<Object> building = new HashSet<>();
  private final Set<Object> pulls = new HashSet<>();
  private final List<String> logins = new CopyOnWriteArrayList<>();
  private long imageBytes;
  private long cacheBytes;

  public FakeRuntime(Path socket) throws IOException {
    this(socket, new Stock(), false);
  }

  private FakeRuntime(Path socket, Stock stock, boolean buildsWait) throws IOException {
    this(socket, stock, new MemoryScheduler(stock::hasImage), buildsWait);
  }

  private FakeRuntime(Path socket, Stock stock, MemoryScheduler instances, boolean buildsWait)
      throws IOException {
    this.stock = stock;
    this.instances = instances;
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

  /**
   * Ends this one and starts the next at its socket, on the same disk and with the same instances.
   *
   * @param died whether it says that nobody told this one to end
   * @param waits as {@link #buildsWait}, from the first build on
   */
  public FakeRuntime replaced(Path socket, boolean died, boolean waits) throws IOException {
    shutDown();
    Files.deleteIfExists(socket);
    if (died) {
      instances.died();
    }
    return new FakeRuntime(socket, stock, instances, waits);
  }

  /** What is on the disk: it outlives the daemon. */
  private static final class Stock {

    private final Set<String> trees = ConcurrentHashMap.newKeySet();

    /** Digests by name. */
    private final Map<String, String> images = new ConcurrentHashMap<>();

    boolean hasImage(String digest) {
      return images.containsValue(digest);
    }
  }

  /** The instances, what they do and what is known of them. */
  public MemoryScheduler instances() {
    return instances;
  }

  /** An image without content; answers with its digest. */
  public String addImage(String name) {
    String digest = digestOf(name);
    stock.images.put(name, digest);
    return digest;
  }

  private static String digestOf(String name) {
    return "sha256:" + HexFormat.of().formatHex(sha256().digest(name.getBytes(UTF_8)));
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

  /** How large the one layer of each image is from now on, and the caches of everybody are. */
  public synchronized void disk(long image, long caches) {
    imageBytes = image;
    cacheBytes = caches;
  }

  public synchronized long cacheBytes() {
    return cacheBytes;
  }

  public Set<String> images() {
    return Set.copyOf(stock.images.keySet());
  }

  @Override
  public void hasTree(HasTreeRequest request, StreamObserver<HasTreeResponse> answer) {
    boolean present = stock.trees.contains(request.getDigest());
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
        stock.trees.add(name);
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
        refuse(answer, Kind.NOT_FOUND, "image.not-found", "There is no such image on this host");
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
      solved = request;
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
    // As a step that prints all that it sees.
    request.getSecretsList().forEach(secret -> answer.onNext(printed(secret.getValue() + "\n")));
    if (fails) {
      refuse(answer, Kind.IMPOSSIBLE, "build.step-failed", "RUN make ended with 2");
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
    stock.images.put(request.getName(), digest);
    answer.onNext(SolveEvent.newBuilder().setImage(Image.newBuilder().setDigest(digest)).build());
    answer.onCompleted();
  }

  private static SolveEvent printed(String text) {
    return SolveEvent.newBuilder()
        .setOutput(
            SolveEvent.StepOutput.newBuilder().setNode("n1").setData(ByteString.copyFromUtf8(text)))
        .build();
  }

  /** The last build that was asked for. */
  public synchronized SolveRequest solved() {
    return solved;
  }

  @Override
  public synchronized void measureDisk(
      MeasureDiskRequest request, StreamObserver<MeasureDiskResponse> answer) {
    one(
        answer,
        MeasureDiskResponse.newBuilder()
            .setImageBytes(
                images().stream()
                        .filter(
                            name ->
                                name.startsWith("users/" + request.getOwner() + "/")
                                    || request.getAppsList().stream()
                                        .anyMatch(it -> isOf(name, it)))
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
  public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> answer) {
    ListImagesResponse.Builder all = ListImagesResponse.newBuilder();
    stock.images.forEach(
        (name, digest) -> {
          if (Set.of("", name, digest).contains(request.getRef())) {
            all.addImages(Image.newBuilder().setDigest(digest).addNames(name));
          }
        });
    one(answer, all.build());
  }

  @Override
  public void removeImage(RemoveImageRequest request, StreamObserver<RemoveImageResponse> answer) {
    boolean removed = stock.images.remove(request.getRef()) != null;
    one(answer, RemoveImageResponse.newBuilder().setRemoved(removed).build());
  }

  @Override
  public void tagImage(TagImageRequest request, StreamObserver<Image> answer) {
    if (!stock.hasImage(request.getRef())) {
      refuse(answer, Kind.NOT_FOUND, "image.not-found", "There is no such image on this host");
      return;
    }
    one(answer, named(request.getRef(), request.getName()));
  }

  private Image named(String digest, String name) {
    String before = stock.images.put(name, digest);
    return Image.newBuilder()
        .setDigest(digest)
        .addNames(name)
        .addGiven(Image.Given.newBuilder().setName(name).setBefore(before == null ? "" : before))
        .build();
  }

  /** Fetches an image without content from any registry. */
  @Override
  public void pullImage(PullImageRequest request, StreamObserver<PullImageEvent> answer) {
    logins.add(request.getUsername() + ":" + request.getPassword());
    answer.onNext(
        PullImageEvent.newBuilder()
            .setProgress(PullImageEvent.Progress.newBuilder().setWhat("1 of 1 layers"))
            .build());
    if (request.getRef().startsWith(SILENT)) {
      return;
    }
    if (!request.getName().isEmpty()) {
      Image named = named(digestOf(request.getName()), request.getName());
      one(answer, PullImageEvent.newBuilder().setImage(named).build());
      return;
    }
    String name =
        request.getOwner().isEmpty()
            ? request.getRef()
            : "users/" + request.getOwner() + "/" + request.getRef();
    one(answer, PullImageEvent.newBuilder().setImage(named(digestOf(name), name)).build());
  }

  /** Takes an image to any registry. */
  @Override
  public void pushImage(PushImageRequest request, StreamObserver<PushImageEvent> answer) {
    logins.add(request.getUsername() + ":" + request.getPassword());
    one(answer, PushImageEvent.newBuilder().setDigest(request.getRef()).build());
  }

  /** What registries were shown, each {@code user:password}. */
  public List<String> logins() {
    return List.copyOf(logins);
  }

  /** An archive that says what it is of. */
  @Override
  public void saveImage(SaveImageRequest request, StreamObserver<SaveImageChunk> answer) {
    String text = request.getFormat() + " " + request.getRef() + " " + request.getNamesList();
    one(answer, SaveImageChunk.newBuilder().setData(ByteString.copyFromUtf8(text)).build());
  }

  /** Of any bytes, an image with the name that is asked for, or {@code loaded:1}. */
  @Override
  public StreamObserver<LoadImageRequest> loadImage(StreamObserver<LoadImageResponse> answer) {
    return new FakeLoad(
        answer,
        name -> {
          return named(digestOf(name), name);
        });
  }

  @Override
  public void inspectImage(InspectImageRequest request, StreamObserver<ImageDetails> answer) {
    one(
        answer,
        ImageDetails.newBuilder()
            .setImage(
                Image.newBuilder()
                    .setDigest(request.getRef())
                    .setConfig(
                        ImageConfig.newBuilder().addCmd("serve").addExposedPorts("8080/tcp")))
            .setOs("linux")
            .addHistory(ImageDetails.Step.newBuilder().setCreatedBy("RUN make"))
            .build());
  }

  @Override
  public void startInstance(
      StartInstanceRequest request, StreamObserver<dev.paas.contract.runtime.Instance> answer) {
    later(instances.start(FakeMessages.spec(request.getSpec())), FakeMessages::instance, answer);
  }

  @Override
  public void stopInstance(
      StopInstanceRequest request, StreamObserver<StopInstanceResponse> answer) {
    later(
        instances.stop(
            RuntimeMessages.name(request.getId()), Duration.ofSeconds(request.getGraceSeconds())),
        gone -> StopInstanceResponse.getDefaultInstance(),
        answer);
  }

  @Override
  public void listInstances(
      ListInstancesRequest request, StreamObserver<ListInstancesResponse> answer) {
    List<Instance> all =
        request.getApp().isEmpty()
            ? instances.instances()
            : instances.list(new AppName(request.getApp()));
    one(answer, FakeMessages.instances(all, 0));
  }

  @Override
  public void watchInstances(WatchInstancesRequest request, StreamObserver<InstanceEvent> answer) {
    Scheduler.Watch watch =
        instances.watch(
            new Scheduler.Watcher() {
              @Override
              public void snapshot(List<Instance> all, long deaths) {
                answer.onNext(FakeMessages.snapshot(all, deaths));
              }

              @Override
              public void changed(Instance instance) {
                answer.onNext(FakeMessages.changed(instance));
              }

              @Override
              public void removed(InstanceName instance) {
                answer.onNext(FakeMessages.removed(instance));
              }

              @Override
              public void lost(String why) {
                if (((ServerCallStreamObserver<?>) answer).isCancelled()) {
                  return;
                }
                answer.onError(Status.UNAVAILABLE.withDescription(why).asRuntimeException());
              }
            });
    onCancel(answer, watch::close);
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
    return new OneOffCall(instances, (ServerCallStreamObserver<RunOneOffEvent>) answer);
  }

  @Override
  public void startSession(
      StartSessionRequest request, StreamObserver<dev.paas.contract.runtime.Session> answer) {
    later(
        instances.sessions().start(FakeSessionMessages.spec(request)),
        FakeSessionMessages::session,
        answer);
  }

  @Override
  public StreamObserver<AttachSessionRequest> attachSession(
      StreamObserver<AttachSessionEvent> answer) {
    return new AttachCall(
        instances.sessions(), (ServerCallStreamObserver<AttachSessionEvent>) answer);
  }

  @Override
  public StreamObserver<AttachSessionRequest> forward(StreamObserver<AttachSessionEvent> answer) {
    return attachSession(answer);
  }

  @Override
  public void listSessions(
      ListSessionsRequest request, StreamObserver<ListSessionsResponse> answer) {
    List<Session> all =
        request.getApp().isEmpty()
            ? instances.sessions().all()
            : instances.sessions().list(new AppName(request.getApp()));
    one(
        answer,
        ListSessionsResponse.newBuilder()
            .addAllSessions(all.stream().map(FakeSessionMessages::session).toList())
            .build());
  }

  @Override
  public void stopSession(StopSessionRequest request, StreamObserver<StopSessionResponse> answer) {
    later(
        instances.sessions().stop(request.getId(), Duration.ofSeconds(request.getGraceSeconds())),
        id -> StopSessionResponse.getDefaultInstance(),
        answer);
  }

  @Override
  public void signalSession(
      SignalSessionRequest request, StreamObserver<SignalSessionResponse> answer) {
    later(
        instances.sessions().signal(request.getId(), request.getSignal()),
        id -> SignalSessionResponse.getDefaultInstance(),
        answer);
  }

  @Override
  public void readLogs(
      ReadLogsRequest request, StreamObserver<dev.paas.contract.runtime.LogLine> answer) {
    Cancellable reading =
        Multi.createFrom()
            .publisher(instances.logs(FakeMessages.query(request)))
            .subscribe()
            .with(
                line -> answer.onNext(FakeMessages.line(line)),
                failed -> answer.onError(FakeMessages.failure(failed)),
                answer::onCompleted);
    onCancel(answer, reading::cancel);
  }

  @Override
  public void removeApp(RemoveAppRequest request, StreamObserver<RemoveAppResponse> answer) {
    instances.removeApp(new AppName(request.getApp()), Duration.ZERO);
    stock.images.keySet().removeIf(name -> isOf(name, request.getApp()));
    one(answer, RemoveAppResponse.getDefaultInstance());
  }

  private static void onCancel(StreamObserver<?> answer, Runnable step) {
    ((ServerCallStreamObserver<?>) answer).setOnCancelHandler(step);
  }

  private static <A, B> void later(
      CompletableFuture<A> asked, Function<A, B> translation, StreamObserver<B> answer) {
    var unused =
        asked.whenComplete(
            (value, failed) -> {
              if (failed == null) {
                one(answer, translation.apply(value));
              } else {
                answer.onError(FakeMessages.failure(failed));
              }
            });
  }

  private static void refuse(StreamObserver<?> answer, Kind kind, String code, String what) {
    answer.onError(
        FakeMessages.failure(Problem.of(kind, code, what, "Read the output.").asException()));
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

  /** Ends the daemon; its instances go on. */
  public void shutDown() {
    server.shutdownNow();
    var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    shutDown();
    instances.close();
  }
}
