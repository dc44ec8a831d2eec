package dev.paas.api.push;

import dev.paas.api.build.Build;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.NewBuild;
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
  private final EarlierBuilds earlier;

  PushRecorder(
      Pushes pushes,
      NewPushes coming,
      Repositories repositories,
      BuildOutput output,
      Faults faults,
      EarlierBuilds earlier) {
    this.pushes = pushes;
    this.coming = coming;
    this.repositories = repositories;
    this.output = output;
    this.faults = faults;
    this.earlier = earlier;
  }

  /**
   * @return nothing when another push has come first after all
   * @throws PaasException {@code push.stale}, or why the push can't be recorded
   */
  Optional<BuildId> record(Offer offer, Progress progress) throws IOException {
    faults.reach(FaultPoint.PUSH_PACK_STORED);
    Push push = offer.push();
    String now = repositories.read(push.app(), push.ref()).orElse(Push.NONE);
    String commit = commit(offer, now);
    Optional<Build> made =
        offer.rebuild() ? Optional.empty() : earlier.of(push.app(), commit, offer.recipe());
    NewBuild build =
        made.map(known -> new NewBuild(known.state(), offer.recipe()))
            .orElseGet(() -> NewBuild.queued(offer.recipe()));
    BuildId id = new BuildId(push.app(), coming.nextNumber(push.app()));
    repositories.createPushRef(push.app(), id.number(), commit);
    AcceptedPush accepted =
        new AcceptedPush(
            id, push.identity().user(), push.ref(), now, commit, new PushState.Pending());
    try {
      if (!coming.accept(accepted, offer.actor(), build)) {
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
    made.ifPresent(known -> tell(id, known));
    faults.reach(FaultPoint.PUSH_ACCEPTED);
    return Optional.of(id);
  }

  private void tell(BuildId id, Build made) {
    output.step(id, "Deploying " + id.app() + " without a build");
    output.detail(
        id,
        "Build "
            + made.id().number()
            + " made the image of the same files; paas redeploy builds them again.");
  }

  /** The commit to deploy. A branch that has moved meanwhile is built upon, or left alone. */
  private String commit(Offer offer, String now) throws IOException {
    Push push = offer.push();
    if (now.equals(push.oldCommit())) {
      return push.commit();
    }
    if (offer.upload() != null) {
      return now.equals(Push.NONE) ? push.commit() : offer.upload().onto(now);
    }
    // A push that waited for another is as good as new when it builds on that one's commit.
    if (!contains(push.app(), push.commit(), now)) {
      throw new PaasException(PushProblems.moved(push.ref()));
    }
    return push.commit();
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
  void refuse(Offer offer, Problem problem) {
    Push push = offer.push();
    BuildId id = coming.refuse(push, offer.actor(), problem);
    output.step(id, "Reading " + push.app() + " at " + push.commit().substring(0, 7));
  }
}
