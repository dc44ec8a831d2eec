package dev.paas.gitreceiver.receive;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.ControlPlane;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.repository.Quarantine;
import dev.paas.gitreceiver.repository.Repositories;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;
import org.eclipse.jgit.transport.ReceivePack;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides every ref of a push, so that JGit moves none itself: other branches and tags are stored
 * first, then the deploy branch is offered to the control plane.
 */
final class DeployHook {

  /** The branches that deploy; a push may move one of them. */
  static final Set<String> DEPLOY_BRANCHES = Set.of("refs/heads/main", "refs/heads/master");

  /** How many refs of a push the record of it names. */
  private static final int TOLD_REFS = 8;

  private static final Logger LOG = LoggerFactory.getLogger(DeployHook.class);

  private final int maxRefs;
  private final Repositories repositories;
  private final ControlPlane controlPlane;
  private final Identity identity;
  private final Quarantine quarantine;
  private final AppName app;
  private final SidebandProgress progress;
  private final Runnable waiting;

  DeployHook(
      int maxRefs,
      Repositories repositories,
      ControlPlane controlPlane,
      Identity identity,
      Quarantine quarantine,
      SidebandProgress progress,
      Runnable waiting) {
    this.maxRefs = maxRefs;
    this.repositories = repositories;
    this.controlPlane = controlPlane;
    this.identity = identity;
    this.quarantine = quarantine;
    this.app = quarantine.app();
    this.progress = progress;
    this.waiting = waiting;
  }

  /**
   * Sets the result of each command.
   *
   * @param overLimit whether the push has more commands than these
   */
  void decide(ReceivePack receive, Collection<ReceiveCommand> commands, boolean overLimit) {
    try {
      if (overLimit) {
        throw tooManyRefs().asException();
      }
      decide(receive, commands);
    } catch (PaasException refused) {
      controlPlane.declined(identity, app, refused.problem());
      decline(commands, refused.problem());
    } catch (IOException | RuntimeException | StackOverflowError failed) {
      // The edge of the process for this push: it is logged here and nowhere else.
      LOG.atError().addKeyValue("app", app).setCause(failed).log("push failed");
      decline(
          commands,
          DiskSpace.isFull(failed) ? DiskSpace.full("no room for this push") : internal());
    } finally {
      progress.end();
    }
  }

  /** The push has more commands than were read. */
  static Problem tooManyRefs() {
    return Problem.of(
        Kind.INVALID,
        "push.too-many-refs",
        "This push names more branches and tags than one push may",
        "Push main alone: git push paas main.");
  }

  private void decide(ReceivePack receive, Collection<ReceiveCommand> commands) throws IOException {
    List<ReceiveCommand> deploys =
        commands.stream().filter(it -> DEPLOY_BRANCHES.contains(it.getRefName())).toList();
    if (deploys.size() > 1) {
      throw Problem.of(
              Kind.INVALID,
              "push.two-deploys",
              "A push deploys one branch, and this one moves both main and master",
              "Push one of them: git push paas main.")
          .asException();
    }
    if (receive.isAtomic() && commands.size() > 1) {
      throw Problem.of(
              Kind.INVALID,
              "push.atomic",
              "Atomic pushes of several refs are not taken",
              "Push without --atomic, or one ref at a time.")
          .asException();
    }
    countRefs(receive.getRepository(), commands);
    quarantine.publish();
    // Now that others see what it takes. Whoever only deletes makes room.
    if (commands.stream().anyMatch(it -> it.getType() != ReceiveCommand.Type.DELETE)) {
      controlPlane.admit(identity, app);
    }
    storeAll(
        receive.getRepository(), commands.stream().filter(it -> !deploys.contains(it)).toList());
    for (ReceiveCommand command : deploys) {
      deploy(receive.getRepository(), command);
    }
  }

  private void countRefs(Repository repository, Collection<ReceiveCommand> commands)
      throws IOException {
    long fresh = commands.stream().filter(it -> it.getType() == ReceiveCommand.Type.CREATE).count();
    int known =
        repository.getRefDatabase().getRefsByPrefix(Constants.R_HEADS, Constants.R_TAGS).size();
    if (fresh > 0 && known + fresh > maxRefs) {
      throw Problem.of(
              Kind.INVALID,
              "push.too-many-refs",
              "The repository of an app takes a limited number of branches and tags",
              (known + fresh) + ", limit " + maxRefs,
              "Push main alone, delete old branches and tags, or raise ssh.max-refs.")
          .asException();
    }
  }

  private void storeAll(Repository repository, List<ReceiveCommand> commands) throws IOException {
    List<ReceiveCommand> own =
        commands.stream().filter(it -> VisibleRefs.areUsers(it.getRefName())).toList();
    if (own.isEmpty()) {
      for (ReceiveCommand command : commands) {
        store(repository, command);
      }
      return;
    }
    String what =
        own.stream()
            .map(it -> it.getRefName() + " " + it.getNewId().name())
            .limit(TOLD_REFS)
            .collect(Collectors.joining(", "));
    ControlPlane.StoredRefs act = controlPlane.storing(identity, app, what);
    Optional<Problem> problem = Optional.of(internal());
    try {
      for (ReceiveCommand command : commands) {
        store(repository, command);
      }
      boolean all = own.stream().allMatch(it -> it.getResult() == Result.OK);
      problem = all ? Optional.empty() : Optional.of(moved());
    } catch (PaasException refused) {
      problem = Optional.of(refused.problem());
      throw refused;
    } finally {
      act.ended(problem);
    }
  }

  private void store(Repository repository, ReceiveCommand command) throws IOException {
    String ref = command.getRefName();
    if (!VisibleRefs.areUsers(ref)) {
      command.setResult(Result.REJECTED_OTHER_REASON, "only branches and tags can be pushed");
      return;
    }
    boolean moved;
    if (command.getType() == ReceiveCommand.Type.DELETE) {
      moved = repositories.deleteRef(app, ref, command.getOldId().name());
    } else {
      if (ref.startsWith(Constants.R_HEADS)) {
        commit(repository, command);
      }
      moved =
          repositories.moveBranch(app, ref, command.getOldId().name(), command.getNewId().name());
      if (moved && ref.startsWith(Constants.R_HEADS)) {
        progress.line(
            "-----> Stored " + Repository.shortenRefName(ref) + "; only main or master deploys");
      }
    }
    command.setResult(moved ? Result.OK : Result.LOCK_FAILURE);
  }

  private void deploy(Repository repository, ReceiveCommand command) throws IOException {
    if (command.getType() == ReceiveCommand.Type.DELETE) {
      throw Problem.of(
              Kind.INVALID,
              "push.delete-deployed",
              "The deployed branch can't be deleted",
              Repository.shortenRefName(command.getRefName()),
              "Remove the app instead: paas destroy --app " + app + ".")
          .asException();
    }
    String commit = commit(repository, command);
    Push push = new Push(identity, app, command.getRefName(), command.getOldId().name(), commit);
    LOG.atInfo()
        .addKeyValue("app", app)
        .addKeyValue("user", identity.user())
        .addKeyValue("commit", commit)
        .log("push received");
    waiting.run();
    PushOutcome outcome = received(push);
    outcome.fold(
        accepted -> {
          command.setResult(Result.OK);
          return outcome;
        },
        declined -> {
          decline(List.of(command), declined.problem());
          return outcome;
        });
  }

  private PushOutcome received(Push push) {
    try {
      return controlPlane.receive(push, progress);
    } catch (PaasException declined) {
      return new PushOutcome.Declined(declined.problem());
    }
  }

  private static String commit(Repository repository, ReceiveCommand command) throws IOException {
    try (RevWalk walk = new RevWalk(repository)) {
      return walk.parseCommit(command.getNewId()).name();
    } catch (IncorrectObjectTypeException other) {
      throw Problem.of(
              Kind.INVALID,
              "push.not-a-commit",
              "A branch points to a commit, and this is something else",
              command.getNewId().name(),
              "Push a branch: git push paas main.")
          .asException(other);
    }
  }

  private void decline(Collection<ReceiveCommand> commands, Problem problem) {
    show(progress, problem);
    for (ReceiveCommand command : commands) {
      if (command.getResult() == Result.NOT_ATTEMPTED) {
        command.setResult(Result.REJECTED_OTHER_REASON, "pre-receive hook declined");
      }
    }
  }

  /** Says what is wrong, its code and how to mend it, in the form of Heroku's build output. */
  static void show(Progress progress, Problem problem) {
    problem.lines().forEach(line -> progress.line(" !     " + line));
    progress.line(" !     " + problem.fix() + " (" + problem.code() + ")");
  }

  private static Problem moved() {
    return Problem.of(
        Kind.INVALID,
        "push.ref-moved",
        "A branch or tag has been changed since this push was prepared",
        "Fetch and push again.");
  }

  private static Problem internal() {
    return Problem.of(
        Kind.FAILED,
        "push.internal",
        "The platform failed to take this push",
        "Push again; if it stays, the operator finds the cause in paasd's log.");
  }
}
