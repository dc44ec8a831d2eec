package dev.paas.api.build;

import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Work;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The builds of apps. Those who wait for one hear of every change of state once it is durable. */
@ApplicationScoped
public class Builds {

  private final Store store;
  private final Attempts attempts;
  private final Clock clock;
  private final Event<BuildChanged> changed;

  public Builds(Store store, Attempts attempts, Clock clock, Event<BuildChanged> changed) {
    this.changed = changed;
    this.store = store;
    this.attempts = attempts;
    this.clock = clock;
  }

  /** Queues the build of a commit; part of the commit that records its push. */
  public void queue(BuildId id, String commit, NewBuild build) {
    store.write(
        () -> {
          BuildRow row = new BuildRow();
          row.app = id.app().value();
          row.number = id.number();
          row.commit = commit;
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.settings = build.recipe().settings().text();
          row.vars = build.recipe().vars();
          row.enter(build.state());
          if (build.state().finished()) {
            row.named = false;
            row.finishedAt = row.createdAt;
          }
          row.persist();
          store.afterCommit(() -> changed.fire(new BuildChanged(id)));
        });
  }

  /** Records the build of a commit that is refused as it is; part of the commit of its push. */
  public void refuse(BuildId id, String commit, Problem problem) {
    store.write(
        () -> {
          BuildRow row = new BuildRow();
          row.app = id.app().value();
          row.number = id.number();
          row.commit = commit;
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.finishedAt = row.createdAt;
          row.enter(new BuildState.Failed(problem));
          row.persist();
        });
  }

  /** Records the next state, unless the build has ended already or is gone with its app. */
  public void enter(BuildId id, BuildState state) {
    store.write(
        () ->
            row(id)
                .filter(row -> !row.build().state().finished())
                .ifPresent(
                    row -> {
                      row.enter(state);
                      if (state instanceof BuildState.Running) {
                        attempts.begin(work(id));
                      }
                      if (state.finished()) {
                        attempts.end(work(id));
                        row.finishedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
                      }
                      store.afterCommit(() -> changed.fire(new BuildChanged(id)));
                    }));
  }

  /** How its attempts are counted. */
  public static Work work(BuildId id) {
    return new Work(Work.Kind.BUILD, id.app(), id.number());
  }

  /**
   * Ends a build for good, at whatever point it is; its push is declined with the same problem.
   *
   * @throws dev.paas.base.problem.PaasException {@code build.not-found}, {@code build.ended}
   */
  public Build cancel(BuildId id, Problem why) {
    return store.commit(
        () -> {
          Build before = find(id).orElseThrow(() -> notFound(String.valueOf(id.number())));
          if (before.state().finished()) {
            throw Problem.of(
                    Kind.CONFLICT,
                    "build.ended",
                    "This build has ended already",
                    id.number() + ", " + before.state().shown(),
                    "Only a build that is queued or running can be cancelled, see paas builds.")
                .asException();
          }
          enter(id, new BuildState.Failed(why));
          return find(id).orElseThrow();
        });
  }

  /** Ends a build that nobody has begun to work on; answers whether it was one. */
  public boolean endQueued(BuildId id, Problem why) {
    return store.commit(
        () -> {
          boolean queued =
              find(id).filter(build -> build.state() instanceof BuildState.Queued).isPresent();
          if (queued) {
            enter(id, new BuildState.Failed(why));
          }
          return queued;
        });
  }

  /** The app has no build of this number. */
  public static PaasException notFound(String id) {
    return Problem.of(
            Kind.NOT_FOUND,
            "build.not-found",
            "The app has no such build",
            id,
            "See its builds with paas builds.")
        .asException();
  }

  public Optional<Build> find(BuildId id) {
    return store.read(() -> row(id).map(BuildRow::build));
  }

  /** Newest first. */
  public List<Build> list(AppName app) {
    return store.read(
        () ->
            BuildRow.<BuildRow>list("app = ?1 order by number desc", app.value()).stream()
                .map(BuildRow::build)
                .toList());
  }

  /** When these apps first made an image of this digest, if they did. */
  public Optional<Instant> firstOf(String image, List<AppName> apps) {
    if (apps.isEmpty()) {
      return Optional.empty();
    }
    List<String> names = apps.stream().map(AppName::value).toList();
    return store.read(
        () ->
            BuildRow.<BuildRow>find("image = ?1 and app in ?2 order by finishedAt", image, names)
                .firstResultOptional()
                .flatMap(row -> Optional.ofNullable(row.finishedAt)));
  }

  /** The app's newest build. */
  public Optional<Build> newest(AppName app) {
    return store.read(
        () ->
            BuildRow.<BuildRow>find("app = ?1 order by number desc", app.value())
                .firstResultOptional()
                .map(BuildRow::build));
  }

  /** The app's oldest build that has not ended. */
  public Optional<Build> oldestOpen(AppName app) {
    return store.read(
        () ->
            BuildRow.<BuildRow>find(
                    "app = ?1 and state in ('queued', 'running') order by number", app.value())
                .firstResultOptional()
                .map(BuildRow::build));
  }

  /** Builds that have not ended. */
  public List<BuildId> open() {
    return store.read(
        () ->
            BuildRow.<BuildRow>list("state in ('queued', 'running')").stream()
                .map(row -> row.build().id())
                .toList());
  }

  /** Apps with a build that has not ended. */
  public List<AppName> appsWithOpen() {
    return store.read(
        () ->
            BuildRow.<BuildRow>list("state in ('queued', 'running')").stream()
                .map(row -> new AppName(row.app))
                .distinct()
                .toList());
  }

  /** Builds whose image still has its name although nobody needs the image. */
  public List<BuildId> superfluous(AppName app, Set<String> neededImages) {
    return store.read(
        () -> {
          List<BuildId> all = new ArrayList<>();
          for (Build build : list(app)) {
            if (build.named()
                && build.state() instanceof BuildState.Succeeded succeeded
                && !neededImages.contains(succeeded.image())) {
              all.add(build.id());
            }
          }
          return all;
        });
  }

  /** The runtime has dropped the name. */
  public void unnamed(BuildId id) {
    store.write(() -> row(id).ifPresent(row -> row.named = false));
  }

  /** Forgets an app's builds. */
  public void delete(AppName app) {
    store.write(() -> BuildRow.delete("app", app.value()));
  }

  private static Optional<BuildRow> row(BuildId id) {
    return BuildRow.find("app = ?1 and number = ?2", id.app().value(), id.number())
        .firstResultOptional();
  }
}
