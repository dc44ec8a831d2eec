package dev.paas.gitreceiver.ssh;

import dev.paas.base.name.AppName;
import dev.paas.base.problem.PaasException;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.gitreceiver.Access;
import dev.paas.gitreceiver.ClientGone;
import dev.paas.gitreceiver.ClientTerminal;
import dev.paas.gitreceiver.CommandStreams;
import dev.paas.gitreceiver.Identity;
import dev.paas.gitreceiver.command.GitRequest;
import dev.paas.gitreceiver.command.ShellWords;
import dev.paas.gitreceiver.receive.VisibleRefs;
import dev.paas.gitreceiver.repository.Repositories;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.UploadPack;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One command of one channel, run in a thread of the server's pool. */
final class CommandTask implements Command {

  private static final int FAILED = 1;
  private static final int USAGE = 2;
  private static final Logger LOG = LoggerFactory.getLogger(CommandTask.class);

  private final ReceiverServer server;
  private final String line;
  private final ClientGone hangUp = new ClientGone();
  private @Nullable InputStream in;
  private @Nullable OutputStream out;
  private @Nullable OutputStream err;
  private @Nullable ExitCallback exit;
  private Optional<ClientTerminal> terminal = Optional.empty();

  CommandTask(ReceiverServer server, String line) {
    this.server = server;
    this.line = line;
  }

  @Override
  public void setInputStream(InputStream stream) {
    in = stream;
  }

  @Override
  public void setOutputStream(OutputStream stream) {
    out = stream;
  }

  @Override
  public void setErrorStream(OutputStream stream) {
    err = stream;
  }

  @Override
  public void setExitCallback(ExitCallback callback) {
    exit = callback;
  }

  @Override
  public void start(ChannelSession channel, Environment environment) throws IOException {
    if (channel instanceof SessionChannel ours && ours.terminal().isPresent()) {
      terminal = ours.terminal();
      ours.onInterrupt(hangUp::happen);
      err = new LinesOfTerminal(Objects.requireNonNull(err), terminal.get());
    }
    ServerSession session = channel.getServerSession();
    Identity identity = Objects.requireNonNull(session.getAttribute(ReceiverServer.IDENTITY));
    try {
      server.execute(() -> run(session, identity));
    } catch (RejectedExecutionException full) {
      throw new IOException("the server has too much to do", full);
    }
  }

  /** The client is gone, or the command has ended. */
  @Override
  public void destroy(ChannelSession channel) {
    hangUp.happen();
  }

  private void run(ServerSession session, Identity identity) {
    int code = FAILED;
    Optional<GitRequest> git = Optional.empty();
    try {
      List<String> words = ShellWords.split(line);
      git = GitRequest.of(words);
      code =
          git.isPresent() ? git(session, identity, git.get()) : command(session, identity, words);
      flush();
    } catch (PaasException refused) {
      code = exitCode(refused.problem().kind());
      explain(refused.problem());
    } catch (IOException | RuntimeException | StackOverflowError failed) {
      // The edge of the process for this command. A client that hangs up is no failure of ours.
      if (!hangUp.happened()) {
        LOG.atError()
            .addKeyValue("user", identity.user())
            .setCause(failed)
            .log("ssh command failed");
        explain(
            Problem.of(
                Kind.FAILED,
                "ssh.internal",
                "The platform failed to run this",
                "Try again; if it stays, the operator finds the cause in paasd's log."));
      }
    } finally {
      Objects.requireNonNull(exit).onExit(code);
    }
    // The client has its answer and does not wait for this.
    git.filter(request -> request.access() == Access.WRITE)
        .ifPresent(request -> server.tidy(request.app()));
  }

  static int exitCode(Kind kind) {
    return switch (kind) {
      case USAGE -> USAGE;
      case INVALID,
          UNAUTHENTICATED,
          FORBIDDEN,
          NOT_FOUND,
          CONFLICT,
          BUSY,
          GONE,
          TOO_LARGE,
          IMPOSSIBLE,
          OVER_ALLOWANCE,
          OVER_LIMIT,
          EXHAUSTED,
          FULL,
          UNPREPARED,
          HOST_FAILED,
          FAILED,
          CANCELLED,
          UNAVAILABLE,
          INTERNAL ->
          FAILED;
    };
  }

  private int git(ServerSession session, Identity identity, GitRequest request) throws IOException {
    InputStream input = new BufferedInputStream(Objects.requireNonNull(in));
    OutputStream output = Objects.requireNonNull(out);
    OutputStream errors = Objects.requireNonNull(err);
    if (!server.controlPlane().openRepository(identity, request.app(), request.access())) {
      throw Problem.of(
              Kind.NOT_FOUND,
              "app.not-found",
              "There is no app of this name, or it is not yours",
              request.app().value(),
              "List your apps: paas apps.")
          .asException();
    }
    if (request.access() == Access.READ) {
      fetch(request.app(), input, output, errors);
      return 0;
    }
    AtomicReference<@Nullable ScheduledFuture<?>> beat = new AtomicReference<>();
    try {
      return server
          .pushes()
          .receive(
              identity,
              request.app(),
              input,
              output,
              errors,
              hangUp,
              () -> beat.set(server.keepAlive().start(session)));
    } finally {
      ScheduledFuture<?> started = beat.get();
      if (started != null) {
        started.cancel(false);
      }
    }
  }

  private void fetch(AppName app, InputStream input, OutputStream output, OutputStream errors)
      throws IOException {
    try (Repository repository = server.repositories().open(app)) {
      UploadPack upload = new UploadPack(repository);
      upload.setRefFilter(VisibleRefs::of);
      upload.setPackConfig(Repositories.packing(repository));
      upload.upload(input, output, errors);
    }
  }

  private int command(ServerSession session, Identity identity, List<String> words) {
    ScheduledFuture<?> beat = server.keepAlive().start(session);
    OutputStream plain = Objects.requireNonNull(out);
    OutputStream output = terminal.isPresent() ? new LinesOfTerminal(plain, terminal.get()) : plain;
    try {
      return server
          .controlPlane()
          .run(
              identity,
              words,
              new CommandStreams(
                  Objects.requireNonNull(in),
                  output,
                  Objects.requireNonNull(err),
                  ConnectionLimits.address(session),
                  hangUp,
                  terminal));
    } finally {
      beat.cancel(false);
    }
  }

  private void explain(Problem problem) {
    String text = "error: " + String.join("\n", problem.lines()) + "\nfix: " + problem.fix() + "\n";
    try {
      Objects.requireNonNull(err).write(text.getBytes(StandardCharsets.UTF_8));
      flush();
    } catch (IOException gone) {
      LOG.atDebug().setCause(gone).log("client left before the explanation");
    }
  }

  private void flush() throws IOException {
    Objects.requireNonNull(out).flush();
    Objects.requireNonNull(err).flush();
  }
}
