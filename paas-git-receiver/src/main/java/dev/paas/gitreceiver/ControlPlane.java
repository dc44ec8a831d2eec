package dev.paas.gitreceiver;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.key.SshPublicKey;
import java.util.List;
import java.util.Optional;

/**
 * What the receiver asks of the platform's control plane. Called from the receiver's own bounded
 * threads, several at a time; calls may block on a database.
 *
 * <p>A {@code PaasException} from any of them is shown to the client as its problem (what, value,
 * fix) and declines the push or fails the command; any other exception is logged once and shown as
 * an internal error.
 */
public interface ControlPlane {

  /**
   * Whose key this is. Called for each key that a client offers and again for the one it signs
   * with; the signature is checked by the receiver.
   *
   * @param address where the client is
   */
  Optional<Identity> authenticate(SshPublicKey key, String address);

  /**
   * Whether this user may read or write the app's repository, which exists when this answers true.
   * For {@link Access#WRITE} the control plane creates an app that is not there, if the user may.
   * An app of somebody else and an app that does not exist get the same answer, false.
   */
  boolean openRepository(Identity identity, AppName app, Access access);

  /**
   * The objects of a push, to whichever branches, have arrived in the app's repository: the last
   * moment to refuse them before a ref keeps them.
   */
  void admit(Identity identity, AppName app);

  /**
   * The refs whose pushes deploy the app, the usual one first; a push may move one of them. All
   * others are stored.
   */
  default List<String> deployBranches(AppName app) {
    return List.of("refs/heads/main", "refs/heads/master");
  }

  /**
   * A push to the deploy branch, whose objects are complete, checked and fsynced in the app's
   * repository. Called as git's pre-receive hook.
   *
   * <p>The control plane first anchors the commit by {@code Repositories.createPushRef(app, number,
   * commit)}, records the push, calls {@link Progress#anchored()}, then follows the build and
   * returns its outcome. For {@link PushOutcome.Accepted} it has moved the branch itself by {@code
   * Repositories.moveBranch}. When the client hangs up ({@link Progress#connected()} is false), it
   * may return any outcome: nobody hears it, and nothing that the control plane recorded is
   * touched.
   */
  PushOutcome receive(Push push, Progress progress);

  /** A push was declined that the control plane had not been asked about. */
  void declined(Identity identity, AppName app, Problem problem);

  /**
   * Branches and tags that deploy nothing are about to be changed.
   *
   * @param what their names and what they will point to
   * @return is told how that ended
   */
  StoredRefs storing(Identity identity, AppName app, String what);

  /** Hears once how a change of refs ended. */
  interface StoredRefs {

    /** Every ref was changed, or at least one was not, for this reason. */
    void ended(Optional<Problem> problem);
  }

  /**
   * A command given over ssh, e.g. {@code [apps, info]}; an empty list when there was none.
   *
   * @return the exit code, 0 to 255
   */
  int run(Identity identity, List<String> argv, CommandStreams streams);
}
