package dev.paas.api.push;

import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.reconcile.FaultPoint;
import dev.paas.api.reconcile.Faults;
import dev.paas.api.route.Hosts;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.repository.Repositories;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a push.
 *
 * <ol>
 *   <li>the deployment serves: move the deploy branch by compare-and-set; a crash after it finds
 *       the branch moved, which counts as the same
 *   <li>record the end: from here on the pusher is told
 *   <li>drop the push ref; a crash before it leaves a ref that the sweep at start drops
 *   <li>have the repository tidied: when the pusher is told the ref may still keep the objects
 * </ol>
 */
@ApplicationScoped
class PushEnd {

  private static final Logger LOG = LoggerFactory.getLogger(PushEnd.class);

  private final Pushes pushes;
  private final Repositories repositories;
  private final BuildOutput output;
  private final Hosts hosts;
  private final Faults faults;
  private final RepositoryTidying tidying;

  PushEnd(
      Pushes pushes,
      Repositories repositories,
      BuildOutput output,
      Hosts hosts,
      Faults faults,
      RepositoryTidying tidying) {
    this.pushes = pushes;
    this.repositories = repositories;
    this.output = output;
    this.hosts = hosts;
    this.faults = faults;
    this.tidying = tidying;
  }

  /** The deployment serves: the branch moves, unless somebody else has moved it. */
  void deployed(AcceptedPush push) throws IOException {
    BuildId id = push.id();
    if (!repositories.moveBranch(id.app(), push.branch(), push.oldCommit(), push.commit())) {
      declined(push, PushProblems.moved(push.branch()));
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

  void declined(AcceptedPush push, Problem problem) throws IOException {
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
    tidying.tidy(id.app());
  }
}
