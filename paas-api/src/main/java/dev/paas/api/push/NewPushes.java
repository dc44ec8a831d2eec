package dev.paas.api.push;

import dev.paas.api.app.Apps;
import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildUse;
import dev.paas.api.build.Builds;
import dev.paas.api.build.NewBuild;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Push;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Records pushes that have come, each with its build: one that is accepted waits for that, one that
 * is declined has failed with it.
 */
@ApplicationScoped
class NewPushes {

  private final Store store;
  private final Apps apps;
  private final Builds builds;
  private final BuildUse use;
  private final Audit audit;
  private final Clock clock;

  NewPushes(Store store, Apps apps, Builds builds, BuildUse use, Audit audit, Clock clock) {
    this.store = store;
    this.apps = apps;
    this.builds = builds;
    this.use = use;
    this.audit = audit;
    this.clock = clock;
  }

  /** The number that the app's next push gets, unless another takes it before. */
  long nextNumber(AppName app) {
    return store.read(() -> PushRow.nextNumber(app));
  }

  /**
   * Records a push whose commit a ref keeps, and queues its build.
   *
   * @param build is queued, or stands for an earlier one of the same files
   * @return false when another push of the app is pending or has taken the number: look again
   * @throws dev.paas.base.problem.PaasException {@code push.app-gone}, {@code quota.builds}
   */
  boolean accept(AcceptedPush push, Actor actor, NewBuild build) {
    AppName app = push.id().app();
    return store.commit(
        () -> {
          apps.hold(app);
          if (apps.find(app).isEmpty()) {
            throw PushProblems.gone().asException();
          }
          if (PushRow.pending(app).isPresent() || nextNumber(app) != push.id().number()) {
            return false;
          }
          if (!build.state().finished()) {
            use.requireOneMore(app);
          }
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
          builds.queue(push.id(), push.commit(), build);
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
}
