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
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.eclipse.jgit.lib.Repository;
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

  private static final Logger LOG = LoggerFactory.getLogger(DeployHook.class);

  private final OtherRefs refs;
  private final ControlPlane controlPlane;
  private final Identity identity;
  private final Quarantine quarantine;
  private final AppName app;
  private final SidebandProgress progress;
  private final Runnable waiting;

  /**
   * @param waiting is run when the push begins to wait for its build
   */
  DeployHook(
      OtherRefs refs,
      ControlPlane controlPlane,
      Identity identity,
      Quarantine quarantine,
      SidebandProgress progress,
      Runnable waiting) {
    this.refs = refs;
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
    List<String> branches = controlPlane.deployBranches(app);
    List<ReceiveCommand> deploys =
        commands.stream().filter(it -> branches.contains(it.getRefName())).toList();
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
    refs.count(receive.getRepository(), commands);
    quarantine.publish();
    // Now that others see what it takes. Whoever only deletes makes room.
    if (commands.stream().anyMatch(it -> it.getType() != ReceiveCommand.Type.DELETE)) {
      controlPlane.admit(identity, app);
    }
    refs.store(
        receive.getRepository(), commands.stream().filter(it -> !deploys.contains(it)).toList());
    for (ReceiveCommand command : deploys) {
      deploy(receive.getRepository(), command);
    }
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
    String commit = OtherRefs.commit(repository, command);
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

  private void decline(Collection<ReceiveCommand> commands, Problem problem) {
    show(progress, problem);
    for (ReceiveCommand command : commands) {
      if (command.getResult() == Result.NOT_ATTEMPTED) {
        command.setResult(Result.REJECTED_OTHER_REASON, "pre-receive hook declined");
      }
    }
  }

  /** Says what is wrong, its code and how to fix it, in the form of Heroku's build output. */
  static void show(Progress progress, Problem problem) {
    problem.lines().forEach(line -> progress.line(" !     " + line));
    progress.line(" !     " + problem.fix() + " (" + problem.code() + ")");
  }

  static Problem internal() {
    return Problem.of(
        Kind.FAILED,
        "push.internal",
        "The platform failed to take this push",
        "Push again; if it stays, the operator finds the cause in paasd's log.");
  }
}
