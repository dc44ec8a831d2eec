package dev.paas.api.push;

import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.Builds;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.route.Hosts;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings an accepted push to its end, whoever listens.
 *
 * <ol>
 *   <li>the build has succeeded: ask for its deployment; a crash before leaves it to the next look
 *   <li>the deployment serves: move the deploy branch by compare-and-set; a crash after it finds
 *       the branch moved, which counts as the same
 *   <li>record the end: from here on the pusher is told
 *   <li>drop the push ref; a crash before it leaves a ref that the sweep at start drops
 *   <li>have the repository tidied: when the pusher is told the ref may still keep the objects
 * </ol>
 */
@ApplicationScoped
class PushReconciler {

  private static final Logger LOG = LoggerFactory.getLogger(PushReconciler.class);

  /** How soon a push asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  private final Apps apps;
  private final Pushes pushes;
  private final Builds builds;
  private final Deployments deployments;
  private final Repositories repositories;
  private final BuildOutput output;
  private final Hosts hosts;
  private final Attempts attempts;
  private final Faults faults;
  private Consumer<AppName> over = app -> {};

  PushReconciler(
      Apps apps,
      Pushes pushes,
      Builds builds,
      Deployments deployments,
      Repositories repositories,
      BuildOutput output,
      Hosts hosts,
      Attempts attempts,
      Faults faults) {
    this.apps = apps;
    this.pushes = pushes;
    this.builds = builds;
    this.deployments = deployments;
    this.repositories = repositories;
    this.output = output;
    this.hosts = hosts;
    this.attempts = attempts;
    this.faults = faults;
  }

  /** Hears of every app with a push that is over, to the last of its refs. */
  void listen(Consumer<AppName> listener) {
    over = listener;
  }

  Requeue reconcile(AppName app) throws IOException {
    Optional<AcceptedPush> pending = pushes.pending(app);
    Optional<Build> build = pending.flatMap(push -> builds.find(push.id()));
    if (pending.isEmpty() || build.isEmpty() || apps.find(app).isEmpty()) {
      return Requeue.done();
    }
    AcceptedPush push = pending.get();
    Optional<Problem> failed =
        build
            .get()
            .state()
            .fold(Optional::empty, ok -> Optional.empty(), no -> Optional.of(no.problem()));
    if (failed.isPresent()) {
      decline(push, failed.get());
    } else if (build.get().state().finished()) {
      return deploy(push);
    }
    return Requeue.done();
  }

  /** Ends the app's push, whose step failed again and again for a reason that nobody expected. */
  boolean end(AppName app, Throwable cause) throws IOException {
    Optional<AcceptedPush> pending = pushes.pending(app);
    if (pending.isPresent()) {
      decline(pending.get(), PushProblems.internal());
    }
    return pending.isPresent();
  }

  /** A push that was alone at too many deaths of the control plane. */
  void poisoned(AcceptedPush push) throws IOException {
    decline(push, PushProblems.poisoned());
  }

  private Requeue deploy(AcceptedPush push) throws IOException {
    Optional<Deployment> deployment = deployments.of(push.id());
    if (deployment.isEmpty()) {
      deployments.requestOnce(push.id(), push.user());
      return Requeue.done();
    }
    if (deployment.get().state().serves()) {
      if (!attempts.take(Pushes.work(push.id()))) {
        return Requeue.after(TURN);
      }
      attempts.begin(Pushes.work(push.id()));
      conclude(push);
    } else if (deployment.get().state().finished()) {
      decline(push, deployment.get().state().problem().orElseThrow());
    }
    return Requeue.done();
  }

  private void conclude(AcceptedPush push) throws IOException {
    BuildId id = push.id();
    if (!repositories.moveBranch(id.app(), push.branch(), push.oldCommit(), push.commit())) {
      decline(push, PushProblems.moved(push.branch()));
      return;
    }
    faults.reach(FaultPoint.PUSH_REFS_MOVED);
    output.headline(id, "Application deployed:");
    output.detail(id, hosts.url(id.app()));
    end(id, new PushState.Deployed());
    LOG.atInfo()
        .addKeyValue("app", id.app())
        .addKeyValue("push", id.number())
        .addKeyValue("commit", push.commit())
        .log("push deployed");
  }

  private void decline(AcceptedPush push, Problem problem) throws IOException {
    BuildId id = push.id();
    end(id, new PushState.Declined(problem));
    LOG.atInfo()
        .addKeyValue("app", id.app())
        .addKeyValue("push", id.number())
        .addKeyValue("problem", problem.code())
        .log("push declined");
  }

  private void end(BuildId id, PushState state) throws IOException {
    pushes.end(id, state);
    repositories.dropPushRef(id.app(), id.number());
    over.accept(id.app());
  }
}
