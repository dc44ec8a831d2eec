package dev.paas.api.upload;

import dev.paas.api.audit.Actor;
import dev.paas.api.audit.Refusals;
import dev.paas.api.http.ProblemView;
import dev.paas.api.push.PushReception;
import dev.paas.api.upload.Places.Place;
import dev.paas.base.disk.DiskSpace;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.settings.UploadSettings;
import dev.paas.base.time.Ticker;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.repository.Repositories;
import dev.paas.gitreceiver.upload.Upload;
import dev.paas.gitreceiver.upload.UploadLimits;
import dev.paas.gitreceiver.upload.UploadReceiver;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.PersonIdent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files in and follows their push, each in a thread for as long as somebody listens. A few
 * are read at a time, because each keeps the names of all its files in memory.
 */
@ApplicationScoped
public class Uploads {

  private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

  private static final long IDLE_SECONDS = 30;

  private final Repositories repositories;
  private final PushReception pushes;
  private final Refusals refusals;
  private final Clock clock;
  private final UploadReceiver receiver;
  private final String domain;
  private final List<DiskSpace> disks;
  private final Duration stalled;
  private final Places reading;
  private final Places following;

  /**
   * Bounded by the places: a thread of its own bound might not be idle yet when its task has given
   * back its place.
   */
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          task -> new Thread(task, "deploy"));

  /** How a deploy ended; a problem when it failed. */
  public record Outcome(String app, String commit, @Nullable ProblemView problem) {
    static Outcome of(Upload upload, PushOutcome outcome) {
      return outcome.fold(
          deployed -> new Outcome(upload.app().value(), upload.commit(), null),
          no -> new Outcome(upload.app().value(), upload.commit(), ProblemView.of(no.problem())));
    }
  }

  Uploads(
      Repositories repositories,
      PushReception pushes,
      Refusals refusals,
      Clock clock,
      Ticker ticker,
      PlatformSettings settings) {
    this.repositories = repositories;
    this.pushes = pushes;
    this.refusals = refusals;
    this.clock = clock;
    this.receiver = new UploadReceiver(repositories, UploadLimits.of(settings), ticker);
    UploadSettings limits = settings.uploads();
    this.stalled = limits.stalled();
    this.reading = new Places(limits.readAtOnce(), 1);
    this.following = new Places(limits.followed(), limits.followedOfUser());
    this.domain = settings.platform().domain();
    Path data = settings.platform().data();
    this.disks =
        Stream.of("db", "git")
            .map(data::resolve)
            .map(folder -> new DiskSpace(folder, settings.platform().diskReserve()))
            .toList();
  }

  void onStop(@Observes ShutdownEvent stopping) {
    var unused = threads.shutdownNow();
  }

  /**
   * Reads the files, then has them deployed; what follows is the answer's.
   *
   * @throws PaasException why they are not taken; nothing of them is left
   */
  Conversation deploy(AppName app, Actor actor, boolean rebuild, InputStream archive)
      throws IOException {
    return follow(app, actor, rebuild, () -> receive(app, actor, archive));
  }

  /**
   * Has the files that were deployed last built and deployed again.
   *
   * @throws PaasException {@code upload.nothing-deployed}, {@code upload.busy}
   */
  Conversation redeploy(AppName app, Actor actor) throws IOException {
    return follow(
        app,
        actor,
        true,
        () -> {
          repositories.create(app);
          return receiver.again(app, pushes.deployBranches(app), author(actor));
        });
  }

  /** Where files come from. */
  private interface Source {
    Upload take() throws IOException;
  }

  private Conversation follow(AppName app, Actor actor, boolean rebuild, Source source)
      throws IOException {
    Place place = following.take(actor.user());
    boolean followed = false;
    try {
      Upload upload = source.take();
      Conversation conversation = new Conversation(upload::anchored, stalled);
      followed = begun(upload, () -> follow(upload, actor, rebuild, conversation, place));
      return conversation;
    } catch (PaasException refused) {
      refusals.add(actor, "push", app, "", refused.problem());
      throw refused;
    } finally {
      if (!followed) {
        place.close();
      }
    }
  }

  private boolean begun(Upload upload, Runnable following) {
    boolean begun = false;
    try {
      threads.execute(following);
      begun = true;
      return true;
    } catch (RejectedExecutionException stopping) {
      throw new PaasException(internal());
    } finally {
      // Also when there is no memory for a thread: the repository could never be tidied again.
      if (!begun) {
        upload.close();
      }
    }
  }

  private Upload receive(AppName app, Actor actor, InputStream archive) throws IOException {
    disks.forEach(DiskSpace::require);
    repositories.create(app);
    Place place = reading.take(actor.user());
    try {
      return receiver.receive(app, archive, pushes.deployBranches(app), author(actor));
    } finally {
      place.close();
    }
  }

  private PersonIdent author(Actor actor) {
    return new PersonIdent(
        actor.user(), actor.user() + "@" + domain, clock.instant(), ZoneOffset.UTC);
  }

  private void follow(
      Upload upload, Actor actor, boolean rebuild, Conversation conversation, Place place) {
    PushOutcome outcome = new PushOutcome.Declined(internal());
    try {
      outcome = outcome(upload, actor, rebuild, conversation);
    } finally {
      // Also after an error of the machine: whoever listens waits for an end.
      end(conversation, Outcome.of(upload, outcome), place);
    }
  }

  private static void end(Conversation conversation, Outcome outcome, Place place) {
    try {
      conversation.end(outcome);
    } finally {
      place.close();
    }
  }

  private PushOutcome outcome(
      Upload upload, Actor actor, boolean rebuild, Conversation conversation) {
    try {
      return pushes.deploy(upload, actor, rebuild, conversation);
    } catch (PaasException declined) {
      return new PushOutcome.Declined(declined.problem());
    } catch (RuntimeException | StackOverflowError failed) {
      // The edge of the process for this deploy: it is logged here and nowhere else.
      LOG.atError().addKeyValue("app", upload.app()).setCause(failed).log("deploy failed");
      return new PushOutcome.Declined(
          DiskSpace.isFull(failed) ? DiskSpace.full("no room for this deploy") : internal());
    }
  }

  private static Problem internal() {
    return Problem.of(
        Kind.FAILED,
        "push.internal",
        "The platform failed to take this push",
        "Deploy again; if it stays, the operator finds the cause in paasd's log.");
  }
}
