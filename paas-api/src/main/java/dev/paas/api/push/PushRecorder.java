package dev.paas.api.push;

import dev.paas.api.audit.Actor;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.util.Optional;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;

/**
 * Makes a push last: keeps its commit by a ref, then records the push. A crash between the two
 * leaves a ref that the sweep at start drops.
 */
@ApplicationScoped
class PushRecorder {

  private final Pushes pushes;
  private final NewPushes coming;
  private final Repositories repositories;
  private final BuildOutput output;
  private final Faults faults;

  PushRecorder(
      Pushes pushes,
      NewPushes coming,
      Repositories repositories,
      BuildOutput output,
      Faults faults) {
    this.pushes = pushes;
    this.coming = coming;
    this.repositories = repositories;
    this.output = output;
    this.faults = faults;
  }

  /**
   * @return nothing when another push has come first after all
   * @throws PaasException {@code push.stale}, or why the push can't be recorded
   */
  Optional<BuildId> record(Push push, Progress progress) throws IOException {
    faults.reach(FaultPoint.PUSH_PACK_STORED);
    String now = repositories.read(push.app(), push.ref()).orElse(Push.NONE);
    // A push that waited for another is as good as new when it builds on that one's commit.
    if (!now.equals(push.oldCommit()) && !contains(push.app(), push.commit(), now)) {
      throw new PaasException(PushProblems.moved(push.ref()));
    }
    BuildId id = new BuildId(push.app(), coming.nextNumber(push.app()));
    repositories.createPushRef(push.app(), id.number(), push.commit());
    AcceptedPush accepted =
        new AcceptedPush(
            id, push.identity().user(), push.ref(), now, push.commit(), new PushState.Pending());
    try {
      if (!coming.accept(accepted, Actor.of(push.identity()))) {
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

  /** Records a push whose commit could not be built, with a build that has failed. */
  void refuse(Push push, Problem problem) {
    BuildId id = coming.refuse(push, Actor.of(push.identity()), problem);
    output.step(id, "Reading " + push.app() + " at " + push.commit().substring(0, 7));
  }
}
