package dev.paas.gitreceiver.ssh;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.gitreceiver.Access;
import dev.paas.gitreceiver.CommandStreams;
import dev.paas.gitreceiver.ControlPlane;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.Progress;
import dev.paas.gitreceiver.Push;
import dev.paas.gitreceiver.PushOutcome;
import dev.paas.gitreceiver.key.SshPublicKey;
import dev.paas.gitreceiver.repository.Repositories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/** A control plane in memory that keeps the receiver's contract: anchors, moves branches itself. */
final class RecordingControlPlane implements ControlPlane {

  final Map<SshPublicKey, String> users = new ConcurrentHashMap<>();
  final Map<AppName, String> owners = new ConcurrentHashMap<>();
  final BlockingQueue<Push> pushes = new LinkedBlockingQueue<>();
  final BlockingQueue<String> declined = new LinkedBlockingQueue<>();
  final BlockingQueue<String> stored = new LinkedBlockingQueue<>();
  final BlockingQueue<String> terminals = new LinkedBlockingQueue<>();
  final AtomicLong numbers = new AtomicLong();
  private final Repositories repositories;
  volatile BiFunction<Push, Progress, PushOutcome> build = (push, progress) -> accept(push);

  /** Runs when the objects of a push are there and no ref has moved; may refuse. */
  volatile Consumer<AppName> admitting = app -> {};

  /** Runs when a push's ref is gone and its client has not been told. */
  volatile Consumer<AppName> over = app -> {};

  RecordingControlPlane(Repositories repositories) {
    this.repositories = repositories;
  }

  @Override
  public Optional<Identity> authenticate(SshPublicKey key, String address) {
    return Optional.ofNullable(users.get(key))
        .map(user -> new Identity(user, key.fingerprint(), address));
  }

  @Override
  public boolean openRepository(Identity identity, AppName app, Access access) {
    if (access == Access.WRITE) {
      owners.putIfAbsent(app, identity.user());
    }
    if (!identity.user().equals(owners.get(app))) {
      return false;
    }
    try {
      repositories.create(app);
      return true;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void admit(Identity identity, AppName app) {
    admitting.accept(app);
  }

  @Override
  public PushOutcome receive(Push push, Progress progress) {
    long number = numbers.incrementAndGet();
    try {
      repositories.createPushRef(push.app(), number, push.commit());
      progress.anchored();
      pushes.add(push);
      PushOutcome outcome = build.apply(push, progress);
      repositories.dropPushRef(push.app(), number);
      over.accept(push.app());
      return outcome;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  PushOutcome accept(Push push) {
    try {
      if (!repositories.moveBranch(push.app(), push.ref(), push.oldCommit(), push.commit())) {
        throw new IllegalStateException("the branch is elsewhere");
      }
      return new PushOutcome.Accepted();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Override
  public void declined(Identity identity, AppName app, Problem problem) {
    declined.add(problem.code());
  }

  @Override
  public StoredRefs storing(Identity identity, AppName app, String what) {
    return problem -> stored.add(what + problem.map(why -> " " + why.code()).orElse(""));
  }

  @Override
  public int run(Identity identity, List<String> argv, CommandStreams streams) {
    try {
      if (argv.isEmpty()) {
        say(streams, "Hi " + identity.user() + "!\n");
        return 0;
      }
      if (argv.get(0).equals("cat")) {
        streams.in().transferTo(streams.out());
        streams.out().flush();
        return 0;
      }
      if (argv.get(0).equals("follow")) {
        say(streams, "following\n");
        streams.out().flush();
        CountDownLatch gone = new CountDownLatch(1);
        streams.hangUp().then(gone::countDown);
        gone.await();
        return 3;
      }
      streams.terminal().ifPresent(terminal -> terminals.add(terminal.type()));
      say(streams, identity.user() + " " + argv + "\n");
      streams.err().write("on stderr\n".getBytes(StandardCharsets.UTF_8));
      return 7;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException closing) {
      throw new IllegalStateException(closing);
    }
  }

  private static void say(CommandStreams streams, String text) throws IOException {
    streams.out().write(text.getBytes(StandardCharsets.UTF_8));
  }
}
