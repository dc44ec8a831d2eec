package dev.paas.api.push;

import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildUse;
import dev.paas.api.build.Builds;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Work;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Push;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The pushes of apps; at most one of an app is pending. */
@ApplicationScoped
class Pushes {

  private final Store store;
  private final Apps apps;
  private final Builds builds;
  private final Attempts attempts;
  private final BuildOutput output;
  private final Clock clock;
  private final Audit audit;
  private final BuildUse use;

  Pushes(
      Store store,
      Apps apps,
      Builds builds,
      Attempts attempts,
      BuildOutput output,
      Clock clock,
      Audit audit,
      BuildUse use) {
    this.use = use;
    this.audit = audit;
    this.store = store;
    this.apps = apps;
    this.builds = builds;
    this.attempts = attempts;
    this.output = output;
    this.clock = clock;
  }

  /** The number that the app's next push gets, unless another takes it before. */
  long nextNumber(AppName app) {
    return store.read(
        () ->
            PushRow.<PushRow>find("app = ?1 order by number desc", app.value())
                .firstResultOptional()
                .map(row -> row.number + 1)
                .orElse(1L));
  }

  /**
   * Records a push whose commit a ref keeps, and queues its build.
   *
   * @return false when another push of the app is pending or has taken the number: look again
   */
  boolean accept(AcceptedPush push, Actor actor) {
    AppName app = push.id().app();
    return store.commit(
        () -> {
          apps.hold(app);
          if (apps.find(app).isEmpty()) {
            throw PushProblems.gone().asException();
          }
          if (pending(app).isPresent() || nextNumber(app) != push.id().number()) {
            return false;
          }
          use.requireOneMore(app);
          PushRow row = new PushRow();
          row.app = app.value();
          row.number = push.id().number();
          row.user = push.user();
          row.branch = push.branch();
          row.oldCommit = push.oldCommit();
          row.commit = push.commit();
          row.enter(push.state());
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.auditId = audit.begun(actor, "push", app, subject(push.branch(), push.commit()));
          row.persist();
          builds.queue(push.id(), push.commit());
          return true;
        });
  }

  private static String subject(String branch, String commit) {
    return branch + " " + commit;
  }

  /** Records a push that is declined as it is, and with it a build that has failed. */
  BuildId refuse(Push push, Actor actor, Problem problem) {
    return store.commit(
        () -> {
          apps.hold(push.app());
          BuildId id = new BuildId(push.app(), nextNumber(push.app()));
          Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
          PushRow row = new PushRow();
          row.app = push.app().value();
          row.number = id.number();
          row.user = push.identity().user();
          row.branch = push.ref();
          row.oldCommit = push.oldCommit();
          row.commit = push.commit();
          row.enter(new PushState.Declined(problem));
          row.createdAt = now;
          row.finishedAt = now;
          row.persist();
          builds.refuse(id, push.commit(), problem);
          audit.failed(actor, "push", push.app(), subject(push.ref(), push.commit()), problem);
          return id;
        });
  }

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
    return store.read(
        () ->
            PushRow.<PushRow>find("app = ?1 and state = 'pending' order by number", app.value())
                .firstResultOptional()
                .map(PushRow::push));
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
