package dev.paas.api.push;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Audit;
import dev.paas.api.audit.Refusals;
import dev.paas.api.building.Planning;
import dev.paas.api.disk.DiskQuota;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.ControlPlane.StoredRefs;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.upload.Upload;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Receives pushes. One that the disk has no room for, or that can't be built, is declined at once;
 * the others go to the queue. The audit has those that were declined or only stored as well.
 */
@ApplicationScoped
public class PushReception {

  private final Planning planning;
  private final DiskQuota quota;
  private final PushQueue pushes;
  private final RepositoryTidying tidying;
  private final Refusals refusals;
  private final Audit audit;

  PushReception(
      Planning planning,
      DiskQuota quota,
      PushQueue pushes,
      RepositoryTidying tidying,
      Refusals refusals,
      Audit audit) {
    this.planning = planning;
    this.quota = quota;
    this.pushes = pushes;
    this.tidying = tidying;
    this.refusals = refusals;
    this.audit = audit;
  }

  /**
   * Returns when there is room for what has come, and removes it otherwise.
   *
   * @throws PaasException {@code quota.disk}
   */
  public void admit(AppName app) {
    try {
      quota.require(app);
    } catch (PaasException beyond) {
      tidying.tidy(app);
      throw beyond;
    }
  }

  /** Refs that deploy the app when they are pushed, the usual one first. */
  public List<String> deployBranches(AppName app) {
    return planning.recipe(app).settings().branches();
  }

  /** Follows the push to its end, for as long as the pusher listens. */
  public PushOutcome receive(Push push, Progress progress) {
    return receive(Offer.pushed(push, planning.recipe(push.app())), progress);
  }

  /**
   * Deploys files that came without git, as a push of their commit would be: follows it to its end,
   * for as long as the caller listens, then lets go of the upload.
   *
   * @param rebuild whether they are built although the same files have been
   * @throws PaasException why they can't be deployed
   */
  public PushOutcome deploy(Upload upload, Actor actor, boolean rebuild, Progress progress) {
    Identity identity = new Identity(actor.user(), actor.credential(), actor.address());
    Push push = new Push(identity, upload.app(), upload.branch(), upload.base(), upload.commit());
    try {
      admit(upload.app());
      return receive(
          new Offer(push, actor, upload, planning.recipe(upload.app()), rebuild), progress);
    } finally {
      upload.close();
      tidying.tidy(upload.app());
    }
  }

  private PushOutcome receive(Offer offer, Progress progress) {
    Push push = offer.push();
    try {
      planning.check(push.app(), push.commit(), offer.recipe());
    } catch (PaasException mistake) {
      PushOutcome refused = pushes.refuse(offer, mistake.problem());
      tidying.tidy(push.app());
      return refused;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      return new PushOutcome.Declined(PushProblems.gone());
    }
    try {
      return pushes.take(offer, progress);
    } catch (PaasException declined) {
      // Before there was a row of it.
      refusals.add(offer.actor(), "push", push.app(), push.ref(), declined.problem());
      throw declined;
    }
  }

  /** Records a push that was declined before it came here. */
  public void declined(Identity identity, AppName app, Problem problem) {
    refusals.add(Actor.of(identity), "push", app, "", problem);
  }

  /** Records refs that are stored without a deployment. */
  public StoredRefs storing(Identity identity, AppName app, String what) {
    long entry = audit.begun(Actor.of(identity), "push.store", app, what);
    return problem -> audit.ended(entry, problem);
  }
}
