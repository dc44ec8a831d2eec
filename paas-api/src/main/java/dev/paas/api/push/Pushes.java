package dev.paas.api.push;

import dev.paas.api.audit.Audit;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Work;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pushes of apps, from when they are recorded; at most one of an app is pending. */
@ApplicationScoped
class Pushes {

  private final Store store;
  private final Attempts attempts;
  private final BuildOutput output;
  private final Audit audit;
  private final Clock clock;

  Pushes(Store store, Attempts attempts, BuildOutput output, Audit audit, Clock clock) {
    this.store = store;
    this.attempts = attempts;
    this.output = output;
    this.audit = audit;
    this.clock = clock;
  }

  /** Records the end of a push; those who follow it look again. */
  void end(BuildId id, PushState state) {
    store.write(
        () -> {
          row(id)
              .ifPresent(
                  row -> {
                    row.enter(state);
                    row.finishedAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
                    ended(row, state.why());
                  });
          attempts.end(work(id));
          store.afterCommit(() -> output.wake(id));
        });
  }

  private void ended(PushRow row, Optional<Problem> problem) {
    if (row.auditId != null) {
      audit.ended(row.auditId, problem);
    }
  }

  /** How its attempts are counted. */
  static Work work(BuildId id) {
    return new Work(Work.Kind.PUSH, id.app(), id.number());
  }

  Optional<AcceptedPush> find(BuildId id) {
    return store.read(() -> row(id).map(PushRow::push));
  }

  Optional<AcceptedPush> pending(AppName app) {
    return store.read(() -> PushRow.pending(app).map(PushRow::push));
  }

  /** All that have not ended. */
  List<AcceptedPush> pending() {
    return store.read(
        () -> PushRow.<PushRow>list("state = 'pending'").stream().map(PushRow::push).toList());
  }

  /** Apps with a pending push. */
  List<AppName> appsWithPending() {
    return store.read(
        () ->
            PushRow.<PushRow>list("state = 'pending'").stream()
                .map(row -> new AppName(row.app))
                .distinct()
                .toList());
  }

  /** The numbers of the app's pending pushes: their refs are still needed. */
  Set<Long> pendingNumbers(AppName app) {
    return store.read(
        () -> {
          Set<Long> numbers = new HashSet<>();
          PushRow.<PushRow>list("app = ?1 and state = 'pending'", app.value())
              .forEach(row -> numbers.add(row.number));
          return numbers;
        });
  }

  void delete(AppName app) {
    store.write(
        () -> {
          PushRow.<PushRow>list("app = ?1 and state = 'pending'", app.value())
              .forEach(row -> ended(row, Optional.of(PushProblems.gone())));
          PushRow.delete("app", app.value());
        });
  }

  private static Optional<PushRow> row(BuildId id) {
    return PushRow.find("app = ?1 and number = ?2", id.app().value(), id.number())
        .firstResultOptional();
  }
}
