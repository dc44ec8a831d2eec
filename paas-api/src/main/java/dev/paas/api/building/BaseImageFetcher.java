package dev.paas.api.building;

import dev.paas.api.app.AppGoing;
import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildChanged;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildState;
import dev.paas.api.build.Builds;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Outage;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.problem.PaasException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.interceptor.Interceptor;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Fetches the images that a build begins with. One that can't be had ends the build; a build that
 * ends, or whose app is destroyed, ends the fetching.
 */
@ApplicationScoped
class BaseImageFetcher {

  /** How soon work asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  private final Apps apps;
  private final Builds builds;
  private final Planning planning;
  private final BuildImages images;
  private final BuildOutput output;
  private final Attempts attempts;
  private final BuildCalls calls = new BuildCalls();

  BaseImageFetcher(
      Apps apps,
      Builds builds,
      Planning planning,
      BuildImages images,
      BuildOutput output,
      Attempts attempts) {
    this.apps = apps;
    this.builds = builds;
    this.planning = planning;
    this.images = images;
    this.output = output;
    this.attempts = attempts;
  }

  /** Whether the build has to wait for an image. */
  boolean isMissingAny(Build build) throws IOException, InterruptedException {
    return names(build).stream().anyMatch(images::isMissing);
  }

  private Set<String> names(Build build) throws IOException, InterruptedException {
    try {
      return planning.images(build);
    } catch (PaasException mistake) {
      return Set.of(); // the build says it
    }
  }

  /**
   * Fetches what is missing.
   *
   * @return when to look at the app again; nothing when the build has all images
   */
  Optional<Requeue> fetch(Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    return calls.interruptibly(
        id,
        () ->
            isWanted(id) // asked after it can be interrupted
                ? fetchInTurn(build)
                : Optional.of(Requeue.again()));
  }

  private boolean isWanted(BuildId id) {
    return apps.find(id.app()).isPresent()
        && builds.find(id).map(known -> !known.state().finished()).orElse(false);
  }

  /** After those who only note that there is work: this reads the database, which may be away. */
  void changed(@Observes @Priority(Interceptor.Priority.LIBRARY_AFTER) BuildChanged event) {
    if (calls.isUnderWay(event.id()) && !isWanted(event.id())) {
      calls.interrupt(event.id());
    }
  }

  /** Before those who follow are told: what they do then is theirs, and may fail. */
  void going(@Observes @Priority(Interceptor.Priority.APPLICATION) AppGoing event) {
    calls.interrupt(event.app());
  }

  private Optional<Requeue> fetchInTurn(Build build) throws IOException, InterruptedException {
    BuildId id = build.id();
    if (!attempts.take(Builds.work(id))) {
      return Optional.of(Requeue.after(TURN));
    }
    if (attempts.isPoisoned(Builds.work(id))) {
      builds.enter(id, new BuildState.Failed(Builder.poison(id)));
      return Optional.of(Requeue.again());
    }
    attempts.begin(Builds.work(id));
    for (String name : names(build)) {
      if (images.isMissing(name)) {
        Optional<Requeue> failed = fetch(build, name);
        if (failed.isPresent()) {
          return failed;
        }
      }
    }
    attempts.rest(Builds.work(id)); // from here on it waits for a place to build
    return Optional.empty();
  }

  private Optional<Requeue> fetch(Build build, String name)
      throws IOException, InterruptedException {
    BuildId id = build.id();
    output.step(id, "Fetching " + name);
    try {
      var unused = images.fetched(id.app(), name);
      return Optional.empty();
    } catch (PaasException failed) {
      if (Thread.interrupted()) {
        throw new InterruptedException("stopping");
      }
      if (!isWanted(id)) {
        return Optional.of(Requeue.again());
      }
      if (Outage.ofRuntime(failed)) {
        attempts.lost(Builds.work(id));
        return Optional.of(Requeue.backoff());
      }
      builds.enter(id, new BuildState.Failed(planning.placed(build, name, failed)));
      return Optional.of(Requeue.again());
    }
  }
}
