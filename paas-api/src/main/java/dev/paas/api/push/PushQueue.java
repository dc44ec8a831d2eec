package dev.paas.api.push;

import dev.paas.api.app.Apps;
import dev.paas.api.app.Followers;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.Builds;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Takes pushes on, one at a time for an app, and follows each for as long as its pusher listens. A
 * pusher that hangs up ends the following, not the push. Of those that wait and have not begun only
 * the newest is worth building: it supersedes the others.
 */
@ApplicationScoped
class PushQueue {

  private final Apps apps;
  private final Followers followers;
  private final Pushes pushes;
  private final Builds builds;
  private final PushRecorder recorder;
  private final PushFollowing following;

  /**
   * Who makes a push ref of an app: the refs are this process's alone. That one push is pending is
   * the database's to keep ({@link NewPushes#accept}).
   */
  private final ConcurrentHashMap<AppName, Object> turns = new ConcurrentHashMap<>();

  /** The newest push of each app that waits to be taken on. */
  private final ConcurrentHashMap<AppName, Patience> newest = new ConcurrentHashMap<>();

  PushQueue(
      Apps apps,
      Followers followers,
      Pushes pushes,
      Builds builds,
      PushRecorder recorder,
      PushFollowing following) {
    this.apps = apps;
    this.followers = followers;
    this.pushes = pushes;
    this.builds = builds;
    this.recorder = recorder;
    this.following = following;
  }

  PushOutcome take(Offer offer, Progress progress) {
    Push push = offer.push();
    Patience patience = new Patience(progress);
    Followers.Subscription gone = followers.join(push.app(), patience::wake);
    try {
      Optional<BuildId> accepted = accept(offer, progress, patience);
      if (accepted.isEmpty()) {
        return new PushOutcome.Declined(PushProblems.gone());
      }
      return following.follow(accepted.get(), progress::line, progress, patience);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new PushOutcome.Declined(PushProblems.gone());
    } finally {
      gone.close();
    }
  }

  /**
   * Declines a push whose commit could not be built, at once: it need not wait for the app's
   * earlier push. It is recorded, with a build that has failed.
   */
  PushOutcome refuse(Offer offer, Problem problem) {
    if (apps.find(offer.push().app()).isEmpty()) {
      return new PushOutcome.Declined(PushProblems.gone());
    }
    recorder.refuse(offer, problem);
    return new PushOutcome.Declined(problem);
  }

  /** Waits for the app's earlier push, then keeps the commit by a ref and records the push. */
  private Optional<BuildId> accept(Offer offer, Progress progress, Patience patience)
      throws IOException, InterruptedException {
    Push push = offer.push();
    Object turn = turns.computeIfAbsent(push.app(), app -> new Object());
    Patience before = newest.put(push.app(), patience);
    if (before != null) {
      before.supersede();
    }
    try {
      while (progress.connected() && apps.find(push.app()).isPresent()) {
        patience.check();
        Optional<AcceptedPush> earlier = pushes.pending(push.app());
        if (earlier.isPresent()) {
          if (!builds.endQueued(earlier.get().id(), PushProblems.superseded())) {
            progress.line("-----> Waiting for the push of " + earlier.get().user() + " to end");
          }
          following.follow(earlier.get().id(), line -> {}, progress, patience);
          continue;
        }
        synchronized (turn) {
          if (pushes.pending(push.app()).isPresent()) {
            continue;
          }
          patience.begin();
          Optional<BuildId> recorded = recorder.record(offer, progress);
          if (recorded.isPresent()) {
            return recorded;
          }
        }
      }
      return Optional.empty();
    } finally {
      newest.remove(push.app(), patience);
    }
  }
}
