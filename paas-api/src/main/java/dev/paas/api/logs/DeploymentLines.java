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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
  private final Map<AppName, Set<Follower>> followers = new ConcurrentHashMap<>();

  private record Follower(Which which, Handover<Long> handover) {

    void hear(long id, LogResource.Line line) {
      if (which.takes(line, "")) {
        handover.came(id, line);
      }
    }
  }

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
          long id = Objects.requireNonNull(row.id);
          store.afterCommit(
              () -> followers.getOrDefault(app, Set.of()).forEach(each -> each.hear(id, line)));
        });
  }

  /** A reason may come from a program's own message. */
  private static String oneLine(String text) {
    String line = text.replace('\n', ' ').replace('\r', ' ');
    if (line.length() <= MAX_TEXT) {
      return line;
    }
    int end = MAX_TEXT - 1;
    // Not within a character.
    boolean within = Character.isHighSurrogate(line.charAt(end - 1));
    return line.substring(0, within ? end - 1 : end) + "…";
  }

  @Override
  public List<LogResource.Line> past(Which which) {
    return wanted(newest(which.app()), which);
  }

  /** Oldest first. */
  private List<PlatformLineRow> newest(AppName app) {
    List<PlatformLineRow> rows =
        new ArrayList<>(
            store.read(
                () ->
                    PlatformLineRow.<PlatformLineRow>find("app = ?1 order by id desc", app.value())
                        .range(0, KEPT - 1)
                        .list()));
    Collections.reverse(rows);
    return rows;
  }

  private static List<LogResource.Line> wanted(List<PlatformLineRow> rows, Which which) {
    return LineSource.last(
        rows.stream().map(PlatformLineRow::line).filter(line -> which.takes(line, "")).toList(),
        which.tail());
  }

  @Override
  public Following follow(Which which, Consumer<LogResource.Line> follower) {
    Follower listening = new Follower(which, new Handover<>(follower));
    followers.compute(
        which.app(),
        (same, all) -> {
          Set<Follower> now = all == null ? ConcurrentHashMap.newKeySet() : all;
          now.add(listening);
          return now;
        });
    try {
      List<PlatformLineRow> before = newest(which.app());
      Set<Long> ids = new HashSet<>();
      before.forEach(row -> ids.add(Objects.requireNonNull(row.id)));
      listening.handover().isPast(ids);
      return new Following(wanted(before, which), () -> end(listening));
    } catch (RuntimeException | Error failed) {
      end(listening);
      throw failed;
    }
  }

  private void end(Follower listening) {
    followers.computeIfPresent(
        listening.which().app(),
        (same, all) -> {
          all.remove(listening);
          return all.isEmpty() ? null : all;
        });
  }
}
