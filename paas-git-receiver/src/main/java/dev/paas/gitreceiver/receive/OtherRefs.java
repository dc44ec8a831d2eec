package dev.paas.gitreceiver.receive;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.ControlPlane;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.repository.Repositories;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.eclipse.jgit.errors.IncorrectObjectTypeException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceiveCommand.Result;

/** Stores the branches and tags of a push that deploy nothing. */
final class OtherRefs {

  /** How many refs of a push the record of it names. */
  private static final int TOLD_REFS = 8;

  private final int maxRefs;
  private final Repositories repositories;
  private final ControlPlane controlPlane;
  private final Identity identity;
  private final AppName app;
  private final SidebandProgress progress;

  /**
   * @param maxRefs branches and tags of one repository
   */
  OtherRefs(
      int maxRefs,
      Repositories repositories,
      ControlPlane controlPlane,
      Identity identity,
      AppName app,
      SidebandProgress progress) {
    this.maxRefs = maxRefs;
    this.repositories = repositories;
    this.controlPlane = controlPlane;
    this.identity = identity;
    this.app = app;
    this.progress = progress;
  }

  /**
   * Refuses more branches and tags than a repository may have.
   *
   * @throws PaasException {@code push.too-many-refs}
   */
  void count(Repository repository, Collection<ReceiveCommand> commands) throws IOException {
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

  /** Stores them, and says in each command what became of it. */
  void store(Repository repository, List<ReceiveCommand> commands) throws IOException {
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
    Optional<Problem> problem = Optional.of(DeployHook.internal());
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
            "-----> Stored "
                + Repository.shortenRefName(ref)
                + "; only "
                + deploying()
                + " deploys");
      }
    }
    command.setResult(moved ? Result.OK : Result.LOCK_FAILURE);
  }

  private String deploying() {
    return controlPlane.deployBranches(app).stream()
        .map(Repository::shortenRefName)
        .collect(Collectors.joining(" or "));
  }

  /** The commit that a branch is to point to. */
  static String commit(Repository repository, ReceiveCommand command) throws IOException {
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

  private static Problem moved() {
    return Problem.of(
        Kind.INVALID,
        "push.ref-moved",
        "A branch or tag has been changed since this push was prepared",
        "Fetch and push again.");
  }
}
