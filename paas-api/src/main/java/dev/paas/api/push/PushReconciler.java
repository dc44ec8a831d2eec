package dev.paas.api.push;

import dev.paas.api.app.Apps;
import dev.paas.api.build.Build;
import dev.paas.api.build.Builds;
import dev.paas.api.deploy.Deployment;
import dev.paas.api.deploy.Deployments;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Brings an accepted push to its end, whoever listens: when its build has succeeded it asks for its
 * deployment, which a crash before leaves to the next look; when that serves, or one of them has
 * failed, it ends the push ({@link PushEnd}).
 */
@ApplicationScoped
class PushReconciler {

  /** How soon a push asks again whether it is its turn. */
  private static final Duration TURN = Duration.ofMillis(200);

  private final Apps apps;
  private final Pushes pushes;
  private final Builds builds;
  private final Deployments deployments;
  private final PushEnd end;
  private final Attempts attempts;

  PushReconciler(
      Apps apps,
      Pushes pushes,
      Builds builds,
      Deployments deployments,
      PushEnd end,
      Attempts attempts) {
    this.apps = apps;
    this.pushes = pushes;
    this.builds = builds;
    this.deployments = deployments;
    this.end = end;
    this.attempts = attempts;
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
      end.declined(push, failed.get());
    } else if (build.get().state().finished()) {
      return deploy(push);
    }
    return Requeue.done();
  }

  /** Ends the app's push, whose step failed again and again for a reason that nobody expected. */
  boolean end(AppName app, Throwable cause) throws IOException {
    Optional<AcceptedPush> pending = pushes.pending(app);
    if (pending.isPresent()) {
      end.declined(pending.get(), PushProblems.internal());
    }
    return pending.isPresent();
  }

  /** A push that was alone at too many deaths of the control plane. */
  void poisoned(AcceptedPush push) throws IOException {
    end.declined(push, PushProblems.poisoned());
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
      end.deployed(push);
    } else if (deployment.get().state().finished()) {
      end.declined(push, deployment.get().state().problem().orElseThrow());
    }
    return Requeue.done();
  }
}
