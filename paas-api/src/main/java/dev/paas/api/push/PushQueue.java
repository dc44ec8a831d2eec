package dev.paas.api.push;

import dev.paas.api.app.Apps;
import dev.paas.api.app.Followers;
import dev.paas.api.audit.Actor;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.BuildOutput.Subscription;
import dev.paas.api.build.Builds;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Takes pushes on, one at a time for an app, and follows each for as long as its pusher listens. A
 * pusher that hangs up ends the following, not the push. Of those that wait and have not begun only
 * the newest is worth building: it supersedes the others.
 */
@ApplicationScoped
class PushQueue {

  /** Read from the output at once, in bytes. */
  private static final int CHUNK = 16 << 10;

  private final Apps apps;
  private final Followers followers;
  private final Pushes pushes;
  private final Builds builds;
  private final Repositories repositories;
  private final BuildOutput output;
  private final Faults faults;

  /**
   * Who makes a push ref of an app: the refs are this process's alone. That one push is pending is
   * the database's to keep ({@link Pushes#accept}).
   */
  private final ConcurrentHashMap<AppName, Object> turns = new ConcurrentHashMap<>();

  /** The newest push of each app that waits to be taken on. */
  private final ConcurrentHashMap<AppName, Patience> newest = new ConcurrentHashMap<>();

  PushQueue(
      Apps apps,
      Followers followers,
      Pushes pushes,
      Builds builds,
      Repositories repositories,
      BuildOutput output,
      Faults faults) {
    this.apps = apps;
    this.followers = followers;
    this.pushes = pushes;
    this.builds = builds;
    this.repositories = repositories;
    this.output = output;
    this.faults = faults;
  }

  PushOutcome take(Push push, Progress progress) {
    Patience patience = new Patience(progress);
    Followers.Subscription gone = followers.join(push.app(), patience::wake);
    try {
      Optional<BuildId> accepted = accept(push, progress, patience);
      if (accepted.isEmpty()) {
        return new PushOutcome.Declined(PushProblems.gone());
      }
      return follow(accepted.get(), progress::line, progress, patience);
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
  PushOutcome refuse(Push push, Problem problem) {
    if (apps.find(push.app()).isEmpty()) {
      return new PushOutcome.Declined(PushProblems.gone());
    }
    BuildId id = pushes.refuse(push, Actor.of(push.identity()), problem);
    output.step(id, "Reading " + push.app() + " at " + push.commit().substring(0, 7));
    return new PushOutcome.Declined(problem);
  }

  /** Waits for the app's earlier push, then keeps the commit by a ref and records the push. */
  private Optional<BuildId> accept(Push push, Progress progress, Patience patience)
      throws IOException, InterruptedException {
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
          follow(earlier.get().id(), line -> {}, progress, patience);
          continue;
        }
        synchronized (turn) {
          if (pushes.pending(push.app()).isPresent()) {
            continue;
          }
          patience.begin();
          Optional<BuildId> recorded = record(push, progress);
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

  /** Nothing when another push has come first after all. */
  private Optional<BuildId> record(Push push, Progress progress) throws IOException {
    faults.reach(FaultPoint.PUSH_PACK_STORED);
    String now = repositories.read(push.app(), push.ref()).orElse(Push.NONE);
    // A push that waited for another is as good as new when it builds on that one's commit.
    if (!now.equals(push.oldCommit()) && !contains(push.app(), push.commit(), now)) {
      throw new PaasException(PushProblems.moved(push.ref()));
    }
    BuildId id = new BuildId(push.app(), pushes.nextNumber(push.app()));
    repositories.createPushRef(push.app(), id.number(), push.commit());
    AcceptedPush accepted =
        new AcceptedPush(
            id, push.identity().user(), push.ref(), now, push.commit(), new PushState.Pending());
    try {
      if (!pushes.accept(accepted, Actor.of(push.identity()))) {
        repositories.dropPushRef(push.app(), id.number());
        return Optional.empty();
      }
    } catch (PaasException refused) {
      // Recorded all the same when only the sync failed: then it is pending and its ref is needed.
      if (pushes.find(id).isEmpty()) {
        repositories.dropPushRef(push.app(), id.number());
      }
      throw refused;
    }
    progress.anchored();
    faults.reach(FaultPoint.PUSH_ACCEPTED);
    return Optional.of(id);
  }

  private boolean contains(AppName app, String commit, String ancestor) throws IOException {
    if (ancestor.equals(Push.NONE)) {
      return false;
    }
    try (Repository repository = repositories.open(app);
        RevWalk walk = new RevWalk(repository)) {
      return walk.isMergedInto(
          walk.parseCommit(ObjectId.fromString(ancestor)),
          walk.parseCommit(ObjectId.fromString(commit)));
    }
  }

  /**
   * Hands every line on until the push has ended, the app is being destroyed, or nobody listens any
   * more.
   */
  private PushOutcome follow(
      BuildId id, Consumer<String> lines, Progress progress, Patience patience)
      throws InterruptedException {
    Lines handed = new Lines(lines);
    long offset = 0;
    Subscription following = output.follow(id, patience::wake);
    patience.wake();
    try {
      while (progress.connected()) {
        patience.await();
        // The end is read before the output: what was written before the end is then seen.
        boolean gone = apps.find(id.app()).isEmpty();
        Optional<AcceptedPush> state = pushes.find(id);
        byte[] bytes = output.read(id, offset, CHUNK);
        while (bytes.length > 0) {
          offset += bytes.length;
          handed.add(bytes);
          bytes = output.read(id, offset, CHUNK);
        }
        boolean over = state.isEmpty() || !(state.get().state() instanceof PushState.Pending);
        if (gone || over || patience.superseded()) {
          handed.end();
        }
        if (gone || state.isEmpty() || patience.superseded()) {
          Problem why = gone || state.isEmpty() ? PushProblems.gone() : PushProblems.superseded();
          return new PushOutcome.Declined(why);
        }
        if (state.get().state() instanceof PushState.Deployed) {
          return new PushOutcome.Accepted();
        } else if (state.get().state() instanceof PushState.Declined declined) {
          return new PushOutcome.Declined(declined.problem());
        }
      }
    } finally {
      following.close();
    }
    return new PushOutcome.Declined(PushProblems.gone());
  }
}
