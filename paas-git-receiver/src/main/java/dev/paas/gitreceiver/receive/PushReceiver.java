package dev.paas.gitreceiver.receive;

import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.gitreceiver.ClientGone;
import dev.paas.gitreceiver.ControlPlane;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.repository.Quarantine;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.repository.RepositoryLock;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.errors.PackProtocolException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.UnpackException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser;
import org.eclipse.jgit.transport.UnpackErrorHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs git's receive-pack for one push.
 *
 * <ol>
 *   <li>objects arrive in a {@link Quarantine} and are checked; a crash leaves a folder that the
 *       next start sweeps
 *   <li>{@link DeployHook} publishes them, durably, and asks the control plane, which anchors the
 *       commit by a ref; from here on a crash loses nothing
 *   <li>the outcome is reported; packs that no ref reaches go with {@link Repositories#tidy}
 * </ol>
 */
public final class PushReceiver {

  /** Room for about 2,000 refs in one push, in bytes. */
  private static final long MAX_COMMAND_BYTES = 256 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(PushReceiver.class);

  private final PlatformSettings.Ssh settings;
  private final Repositories repositories;
  private final ControlPlane controlPlane;
  private final UnpackMemory memory;

  public PushReceiver(
      PlatformSettings.Ssh settings, Repositories repositories, ControlPlane controlPlane) {
    this.settings = settings;
    this.repositories = repositories;
    this.controlPlane = controlPlane;
    this.memory = new UnpackMemory(settings.unpackMemory(), settings.maxUnpacked());
  }

  /**
   * Talks receive-pack until the outcome is reported.
   *
   * @return the exit code for the client
   */
  public int receive(
      Identity identity,
      AppName app,
      InputStream in,
      OutputStream out,
      OutputStream err,
      ClientGone hangUp,
      Runnable waiting)
      throws IOException {
    RepositoryLock lock = repositories.lock(app);
    lock.arrive();
    try {
      return receive(identity, app, lock, in, out, err, hangUp, waiting);
    } finally {
      lock.depart();
    }
  }

  private int receive(
      Identity identity,
      AppName app,
      RepositoryLock lock,
      InputStream in,
      OutputStream out,
      OutputStream err,
      ClientGone hangUp,
      Runnable waiting)
      throws IOException {
    lock.enter();
    // The control plane gives the permit back early, when its ref keeps the objects.
    Runnable leave = once(lock::leave);
    try (UnpackMemory.Share share = memory.share();
        Quarantine quarantine = repositories.quarantine(app);
        Repository repository = new GatedRepository(quarantine, settings.maxPack(), share)) {
      ReceivePack receive = new WholePacks(repository);
      SidebandProgress progress =
          new SidebandProgress(receive.getMessageOutputStream(), hangUp, leave);
      OtherRefs refs =
          new OtherRefs(settings.maxRefs(), repositories, controlPlane, identity, app, progress);
      DeployHook hook = new DeployHook(refs, controlPlane, identity, quarantine, progress, waiting);
      CommandLines lines = new CommandLines(in, MAX_COMMAND_BYTES);
      configure(receive, lines, progress, problem -> controlPlane.declined(identity, app, problem));
      receive.setPreReceiveHook(
          (receiving, commands) -> {
            share.unpacked();
            hook.decide(receiving, commands, lines.overLimit());
          });
      receive.receiveWithExceptionPropagation(lines, out, err);
      return 0;
    } catch (UnpackException reported) {
      return 1;
    } catch (PackProtocolException strange) {
      throw badProtocol(strange);
    } finally {
      leave.run();
    }
  }

  private static Runnable once(Runnable action) {
    AtomicBoolean pending = new AtomicBoolean(true);
    return () -> {
      if (pending.getAndSet(false)) {
        action.run();
      }
    };
  }

  private static PaasException badProtocol(PackProtocolException strange) {
    return Problem.of(
            Kind.INVALID,
            "push.bad-protocol",
            "What the client sends is not git's protocol for a push",
            String.valueOf(strange.getMessage()),
            "Push with git itself, or with a newer version of what you use.")
        .asException(strange);
  }

  private void configure(
      ReceivePack receive,
      CommandLines lines,
      SidebandProgress progress,
      Consumer<Problem> declined) {
    receive.setRefFilter(VisibleRefs::of);
    receive.setObjectChecker(new TreeNames());
    receive.setMaxObjectSizeLimit(settings.maxObject().bytes());
    receive.setAllowPushOptions(false);
    UnpackErrorHandler report = receive.getUnpackErrorHandler();
    receive.setUnpackErrorHandler(
        failure -> {
          // Of commands that were dropped, the pack may be one that the others do not need.
          Problem problem = lines.overLimit() ? DeployHook.tooManyRefs() : problem(failure);
          declined.accept(problem);
          DeployHook.show(progress, problem);
          // The client shows the message as it comes, and it may quote a name from the pack.
          String told = Problem.printable(String.valueOf(failure.getMessage()));
          report.handleUnpackException(new IOException(told, failure));
        });
  }

  private Problem problem(Throwable failure) {
    if (failure instanceof PackRefusedException refused) {
      return refused.problem();
    }
    if (failure instanceof TooLargeObjectInPackException) {
      return Problem.of(
          Kind.INVALID,
          "push.large-file",
          "A file in this push is larger than the platform takes",
          "limit " + settings.maxObject(),
          "Keep large files out of the repository, or raise ssh.max-object.");
    }
    if (failure instanceof MissingObjectException) {
      return Problem.of(
          Kind.INVALID,
          "push.shallow",
          "This push lacks a part of its own history, as a shallow clone does",
          String.valueOf(failure.getMessage()),
          "Fetch the rest first: git fetch --unshallow.");
    }
    if (DiskSpace.isFull(failure)) {
      LOG.atError().addKeyValue("why", failure).log("no room for a push");
      return DiskSpace.full("no room for this push");
    }
    LOG.atWarn().setCause(failure).log("push could not be unpacked");
    return Problem.of(
        Kind.INVALID,
        "push.bad-objects",
        "The pushed objects were not taken",
        String.valueOf(failure.getMessage()),
        "Run git fsck in your clone.");
  }

  /**
   * Asks clients for packs that are complete in themselves. A delta to an object of the repository
   * saves little of a push and takes the memory of both.
   */
  private static final class WholePacks extends ReceivePack {

    private WholePacks(Repository into) {
      super(into);
    }

    @Override
    public void sendAdvertisedRefs(RefAdvertiser advertiser) throws IOException {
      advertiser.advertiseCapability("no-thin");
      super.sendAdvertisedRefs(advertiser);
    }
  }
}
