package dev.paas.api.building;

import dev.paas.api.app.App;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.store.StoreFailedException;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one build after the other to its end: has its image made and records what became of it.
 * After a crash all of that is done again. A build that is waiting for the runtime goes on when
 * that is back; one that is cancelled leaves nothing.
 */
@ApplicationScoped
class Builder {

  private static final Logger LOG = LoggerFactory.getLogger(Builder.class);

  /** How soon work asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  private final Apps apps;
  private final Builds builds;
  private final BuildOutput output;
  private final ImageMaker images;
  private final Attempts attempts;
  private final Ticker ticker;
  private final BuildCalls calls = new BuildCalls();

  /** Builds that this process has begun. */
  private final Set<BuildId> begun = ConcurrentHashMap.newKeySet();

  /** Builds whose pusher has been told that the runtime is away. */
  private final Set<BuildId> toldAway = ConcurrentHashMap.newKeySet();

  Builder(
      Apps apps,
      Builds builds,
      BuildOutput output,
      ImageMaker images,
      Attempts attempts,
      Ticker ticker) {
    this.apps = apps;
    this.builds = builds;
    this.output = output;
    this.images = images;
    this.attempts = attempts;
    this.ticker = ticker;
  }

  /** Works on the app's oldest build that has not ended. */
  Requeue reconcile(AppName app) throws IOException, InterruptedException {
    Optional<Build> next = builds.oldestOpen(app);
    Optional<App> known = apps.find(app);
    if (next.isEmpty() || known.isEmpty()) {
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
      return calls.interruptibly(build.id(), () -> attempt(known.get(), build));
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
      return over(build.id());
    }
  }

  private Requeue attempt(App app, Build build) throws IOException, InterruptedException {
    if (isWanted(build.id())) { // asked after it can be interrupted
      work(app, build);
    }
    return over(build.id());
  }

  private Requeue over(BuildId id) {
    toldAway.remove(id);
    begun.remove(id);
    return Requeue.again();
  }

  private boolean isWanted(BuildId id) {
    return apps.find(id.app()).isPresent()
        && builds.find(id).map(known -> !known.state().finished()).orElse(false);
  }

  /** The build has been ended by somebody: what still runs for it ends, too. */
  void interrupt(BuildId id) {
    calls.interrupt(id);
  }

  /** The same for all of an app. */
  void interrupt(AppName app) {
    calls.interrupt(app);
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
          var unused = over(failing.id());
        });
    return build.isPresent();
  }

  private void work(App app, Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    long start = ticker.nanos();
    begin(build);
    BuildState.Succeeded made = images.make(app, build);
    if (!isWanted(id)) {
      images.forget(id);
      attempts.end(Builds.work(id));
      return; // cancelled, or destroyed with its app, meanwhile
    }
    output.detail(
        id, String.format(Locale.ROOT, "Built in %.1f s", ticker.since(start).toMillis() / 1000.0));
    builds.enter(id, made);
    LOG.atInfo()
        .addKeyValue("app", id.app())
        .addKeyValue("build", id.number())
        .addKeyValue("image", made.image())
        .addKeyValue("millis", ticker.since(start).toMillis())
        .log("build succeeded");
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

  private void fail(BuildId id, Problem problem) {
    builds.enter(id, new BuildState.Failed(problem));
    LOG.atInfo()
        .addKeyValue("app", id.app())
        .addKeyValue("build", id.number())
        .addKeyValue("problem", problem.code())
        .log("build failed");
  }
}
