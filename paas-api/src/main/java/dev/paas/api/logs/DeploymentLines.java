package dev.paas.api.logs;

import dev.paas.api.deploy.DeploymentMoved;
import dev.paas.api.release.Releases;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What the control plane says in an app's log: which release serves, and why and by whose doing;
 * what was scaled and restarted; what failed. A line is written in the commit in which that
 * happens, so that there is never one without the other; of each app the newest {@value #KEPT} are
 * kept.
 */
@ApplicationScoped
class DeploymentLines implements LineSource {

  static final int KEPT = 500;

  /** In characters; what is longer is cut. */
  private static final int MAX_TEXT = 1000;

  private final Store store;
  private final Releases releases;
  private final Clock clock;
  private final Map<AppName, Set<Consumer<LogResource.Line>>> followers = new ConcurrentHashMap<>();

  DeploymentLines(Store store, Releases releases, Clock clock) {
    this.store = store;
    this.releases = releases;
    this.clock = clock;
  }

  void moved(@Observes DeploymentMoved moved) {
    Optional<String> description =
        moved
            .deployment()
            .release()
            .flatMap(version -> releases.find(moved.deployment().app(), version))
            .map(release -> release.description());
    DeploymentText.of(moved, description).ifPresent(text -> say(moved.deployment().app(), text));
  }

  private void say(AppName app, String text) {
    store.write(
        () -> {
          PlatformLineRow row = new PlatformLineRow();
          row.app = app.value();
          row.at = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.text = oneLine(text);
          row.persist();
          PlatformLineRow.<PlatformLineRow>find("app = ?1 order by id desc", app.value())
              .range(KEPT, KEPT + 1)
              .list()
              .forEach(PlatformLineRow::delete);
          LogResource.Line line = row.line();
          store.afterCommit(
              () -> followers.getOrDefault(app, Set.of()).forEach(each -> each.accept(line)));
        });
  }

  /** A reason may come from a program's own message. */
  private static String oneLine(String text) {
    String line = text.replace('\n', ' ').replace('\r', ' ');
    return line.length() > MAX_TEXT ? line.substring(0, MAX_TEXT - 1) + "…" : line;
  }

  @Override
  public List<LogResource.Line> past(Which which) {
    List<LogResource.Line> newestFirst =
        new ArrayList<>(
            store.read(
                () ->
                    PlatformLineRow.<PlatformLineRow>find(
                            "app = ?1 order by id desc", which.app().value())
                        .range(0, KEPT - 1)
                        .list()
                        .stream()
                        .map(PlatformLineRow::line)
                        .toList()));
    Collections.reverse(newestFirst);
    return LineSource.last(
        newestFirst.stream().filter(line -> which.takes(line, "")).toList(), which.tail());
  }

  @Override
  public Subscription follow(Which which, Consumer<LogResource.Line> follower) {
    Consumer<LogResource.Line> wanted =
        line -> {
          if (which.takes(line, "")) {
            follower.accept(line);
          }
        };
    followers.compute(
        which.app(),
        (same, all) -> {
          Set<Consumer<LogResource.Line>> now = all == null ? ConcurrentHashMap.newKeySet() : all;
          now.add(wanted);
          return now;
        });
    return () ->
        followers.computeIfPresent(
            which.app(),
            (same, all) -> {
              all.remove(wanted);
              return all.isEmpty() ? null : all;
            });
  }
}
