package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.disk.DiskQuota;
import dev.paas.api.quota.OverQuotaException;
import dev.paas.api.quota.Quota;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.runtime.RuntimeClient;
import dev.paas.api.store.StoreFailedException;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Ticker;
import dev.paas.builder.Recognised;
import dev.paas.builder.plan.Plan;
import dev.paas.builder.source.SourceLimits;
import dev.paas.builder.source.SourceTree;
import dev.paas.contract.runtime.Image;
import dev.paas.contract.runtime.RemoveImageRequest;
import dev.paas.contract.runtime.SolveEvent;
import dev.paas.contract.runtime.SolveRequest;
import dev.paas.gitreceiver.repository.Repositories;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.lib.Repository;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on one build from the beginning to the end: reads the pushed tree, has a buildpack plan it,
 * sends what the plan needs and has the runtime solve it. After a crash it does all of that again;
 * the runtime's cache makes that cheap.
 */
@ApplicationScoped
class Builder {

  private static final Logger LOG = LoggerFactory.getLogger(Builder.class);

  /** How soon work asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  private final Apps apps;
  private final Builds builds;
  private final BuildOutput output;
  private final Repositories repositories;
  private final Planning planning;
  private final BuildImages images;
  private final DiskQuota quota;
  private final RuntimeClient runtime;
  private final Attempts attempts;
  private final Faults faults;
  private final Ticker ticker;
  private final PlatformSettings.Build settings;
  private final DiskSpace disk;

  /** The calls of builds that are under way. */
  private final Map<BuildId, CancellableContext> running = new ConcurrentHashMap<>();

  /** Builds that this process has begun. */
  private final Set<BuildId> begun = ConcurrentHashMap.newKeySet();

  /** Builds whose pusher has been told that the runtime is away. */
  private final Set<BuildId> toldAway = ConcurrentHashMap.newKeySet();

  Builder(
      Apps apps,
      Builds builds,
      BuildOutput output,
      Repositories repositories,
      Planning planning,
      BuildImages images,
      DiskQuota quota,
      RuntimeClient runtime,
      Attempts attempts,
      Faults faults,
      Ticker ticker,
      PlatformSettings settings) {
    this.apps = apps;
    this.builds = builds;
    this.output = output;
    this.repositories = repositories;
    this.planning = planning;
    this.images = images;
    this.quota = quota;
    this.runtime = runtime;
    this.attempts = attempts;
    this.faults = faults;
    this.ticker = ticker;
    this.settings = settings.build();
    this.disk =
        new DiskSpace(
            settings.platform().data().resolve("runtime"), settings.platform().diskReserve());
  }

  /** Works on the app's oldest build that has not ended. */
  Requeue reconcile(AppName app) throws IOException, InterruptedException {
    Optional<Build> next = builds.oldestOpen(app);
    if (next.isEmpty() || apps.find(app).isEmpty()) {
      return Requeue.done();
    }
    Build build = next.get();
    if (!attempts.take(Builds.work(build.id()))) {
      return Requeue.after(TURN);
    }
    if (attempts.isPoisoned(Builds.work(build.id()))) {
      poisoned(build.id());
      return Requeue.again();
    }
    try {
      interruptibly(build);
    } catch (PaasException failed) {
      if (Thread.interrupted()) {
        // The control plane stops; its next start finds the build as it is.
        throw new InterruptedException("stopping");
      }
      if (Outage.ofRuntime(failed)) {
        if (toldAway.add(build.id())) {
          output.detail(
              build.id(), "Waiting for the runtime (paas-runtimed), which does not answer");
        }
        attempts.lost(Builds.work(build.id()));
        return Requeue.backoff();
      }
      if (failed instanceof StoreFailedException) {
        throw failed; // the database is away, and with it the place for an end
      }
      fail(build.id(), failed.problem());
    }
    toldAway.remove(build.id());
    begun.remove(build.id());
    return Requeue.again();
  }

  /** Does the work so that {@link #interrupt} ends what it asks of the runtime. */
  private void interruptibly(Build build) throws IOException, InterruptedException {
    CancellableContext calls = Context.current().withCancellation();
    running.put(build.id(), calls);
    Context before = calls.attach();
    try {
      if (isWanted(build.id())) { // asked after it can be interrupted
        work(build);
      }
    } finally {
      calls.detach(before);
      calls.cancel(null);
      running.remove(build.id());
    }
  }

  private boolean isWanted(BuildId id) {
    return builds.find(id).map(known -> !known.state().finished()).orElse(false);
  }

  /** The build has been ended by somebody: what still runs for it ends, too. */
  void interrupt(BuildId id) {
    CancellableContext calls = running.get(id);
    if (calls != null) {
      calls.cancel(null);
    }
  }

  /** The same for all of an app. */
  void interrupt(AppName app) {
    running.keySet().stream().filter(id -> id.app().equals(app)).forEach(this::interrupt);
  }

  /** A build that was alone under way at too many deaths. */
  void poisoned(BuildId id) {
    fail(id, poison(id));
  }

  static Problem poison(BuildId id) {
    return Problem.of(
        Kind.IMPOSSIBLE,
        "build.poisoned",
        "A daemon of the platform died "
            + Attempts.DEATHS
            + " times while only this build was under way",
        id.toString(),
        "Push something else or something smaller; the operator finds the cause in the daemons'"
            + " logs.");
  }

  /** Ends the app's build, whose step failed again and again for a reason that nobody expected. */
  boolean end(AppName app, Throwable cause) {
    Optional<Build> build = builds.oldestOpen(app);
    build.ifPresent(
        failing -> {
          fail(
              failing.id(),
              Problem.of(
                  Kind.IMPOSSIBLE,
                  "build.internal",
                  "The platform failed to build this",
                  "Push again; if it stays, the operator finds the cause in paasd's log."));
          toldAway.remove(failing.id());
          begun.remove(failing.id());
        });
    return build.isPresent();
  }

  private void work(Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    long start = ticker.nanos();
    begin(build);
    faults.reach(FaultPoint.BUILD_STARTED);
    disk.require();
    Prepared prepared = prepare(build);
    Image image = solveWithin(id, prepared);
    faults.reach(FaultPoint.BUILD_IMAGE_STORED);
    if (!isWanted(id)) {
      forgetImage(id);
      attempts.end(Builds.work(id));
      return; // cancelled, or destroyed with its app, meanwhile
    }
    output.detail(
        id, String.format(Locale.ROOT, "Built in %.1f s", ticker.since(start).toMillis() / 1000.0));
    builds.enter(
        id,
        new BuildState.Succeeded(
            image.getDigest(),
            prepared.plan().processes().commands(),
            ExposedPort.of(prepared.plan().config())));
    LOG.atInfo()
        .addKeyValue("app", id.app())
        .addKeyValue("build", id.number())
        .addKeyValue("image", image.getDigest())
        .addKeyValue("millis", ticker.since(start).toMillis())
        .log("build succeeded");
  }

  /**
   * A build that the runtime has all files for.
   *
   * @param bases the images that it begins with
   */
  private record Prepared(Plan plan, SolveRequest request, List<String> bases) {}

  /** Plans, says what was recognised, and sends the files that the runtime does not have yet. */
  private Prepared prepare(Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    Set<String> bases = new LinkedHashSet<>();
    try (Repository repository = repositories.open(id.app())) {
      SourceTree tree = planning.tree(repository, build.commit());
      Plan plan =
          planning.plan(
              tree,
              name -> {
                bases.add(name);
                return images.fetched(id.app(), name);
              });
      Recognised recognised = planning.recognise(tree);
      output.step(id, recognised.buildpack().name() + " detected");
      output.detail(id, "Chosen because of " + recognised.reason() + ".");
      plan.notes().forEach(note -> output.detail(id, note));
      SolveRequest request =
          SolveRequest.newBuilder()
              .setApp(id.app().value())
              .setGraph(plan.graph(upload(plan)))
              .setConfig(plan.config())
              .setName(id.imageName())
              .setCacheScope(apps.find(id.app()).map(App::owner).orElse(""))
              .build();
      return new Prepared(plan, request, List.copyOf(bases));
    }
  }

  /** Solves, unless that takes more of the disk than there is for the app's owner. */
  private Image solveWithin(BuildId id, Prepared prepared) {
    try {
      BuildRoom room =
          new BuildRoom(made -> quota.requireForBuild(id.app(), prepared.bases(), made));
      Image image = solve(id, prepared.request(), room);
      // Once more now that it is there: of builds at the same time, the last sees all others.
      var unused = quota.requireForBuild(id.app(), List.of(), 0);
      return image;
    } catch (OverQuotaException beyond) {
      if (beyond.quota() == Quota.DISK) {
        interrupt(id);
        forgetImage(id);
      }
      throw beyond;
    }
  }

  /** Also of a build whose own calls have been cancelled. */
  private void forgetImage(BuildId id) {
    Context own = Context.ROOT.attach();
    try {
      runtime.call(
          () ->
              runtime
                  .now()
                  .removeImage(RemoveImageRequest.newBuilder().setRef(id.imageName()).build()));
    } finally {
      Context.ROOT.detach(own);
    }
  }

  /** Says so once; an attempt after the runtime was away is the same beginning. */
  private void begin(Build build) {
    BuildId id = build.id();
    if (build.state() instanceof BuildState.Running) {
      attempts.begin(Builds.work(id));
    }
    if (!begun.add(id)) {
      return;
    }
    if (build.state() instanceof BuildState.Running) {
      output.step(id, "Building again: the control plane was restarted");
    } else {
      output.step(id, "Building " + id.app() + " from " + build.commit().substring(0, 7));
      builds.enter(id, new BuildState.Running());
    }
    LOG.atInfo()
        .addKeyValue("app", id.app())
        .addKeyValue("build", id.number())
        .log("build started");
  }

  private Map<String, String> upload(Plan plan) throws IOException, InterruptedException {
    SourceLimits limits = SourceLimits.of(settings);
    Map<String, String> digests = new HashMap<>();
    for (Map.Entry<String, SourceTree> tree : plan.trees().entrySet()) {
      digests.put(tree.getKey(), TreeUpload.upload(runtime, tree.getValue(), limits));
    }
    return digests;
  }

  private Image solve(BuildId id, SolveRequest request, BuildRoom room) {
    Duration timeout = settings.timeout();
    long start = ticker.nanos();
    SolveOutput lines = new SolveOutput(output, id);
    try {
      return runtime.call(
          () -> {
            Iterator<SolveEvent> events =
                runtime
                    .patiently()
                    .withDeadlineAfter(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .solve(request);
            events.forEachRemaining(
                event -> {
                  lines.take(event);
                  room.take(event);
                });
            return lines.image().orElseThrow();
          });
    } catch (PaasException failed) {
      if (ticker.since(start).compareTo(timeout) >= 0) {
        throw Problem.of(
                Kind.IMPOSSIBLE,
                "build.timeout",
                "The build took longer than " + timeout.toMinutes() + " minutes",
                "Make it shorter, or raise the setting build.timeout.")
            .asException(failed);
      }
      throw failed;
    } finally {
      lines.end();
    }
  }

  private void fail(BuildId id, Problem problem) {
    builds.enter(id, new BuildState.Failed(problem));
    LOG.atInfo()
        .addKeyValue("app", id.app())
        .addKeyValue("build", id.number())
        .addKeyValue("problem", problem.code())
        .log("build failed");
  }
}
