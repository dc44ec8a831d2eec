package dev.paas.runtime.session;

import dev.paas.contract.runtime.Exit;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.container.NotExecuted;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.linux.Signals;
import dev.paas.runtime.session.launch.Launchers;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import dev.paas.runtime.session.roster.SessionNotes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sessions, and sees to what has ended. A crash leaves: before the exit is noted, a session
 * whose end the next daemon finds as this one did; after it, one that it frees once more.
 */
final class SessionEnds {

  private static final Logger LOG = LoggerFactory.getLogger(SessionEnds.class);

  static final int SIGHUP = 1;

  private final SessionNotes notes;
  private final Launchers launchers;
  private final Consumer<SessionEntry> release;
  private final ScheduledExecutorService timer;
  private final Clock clock;

  /**
   * @param release gives back the places that a session took
   */
  SessionEnds(
      SessionNotes notes,
      Launchers launchers,
      Consumer<SessionEntry> release,
      ScheduledExecutorService timer,
      Clock clock) {
    this.notes = notes;
    this.launchers = launchers;
    this.release = release;
    this.timer = timer;
    this.clock = clock;
  }

  /**
   * Asks a session to end, and kills it after the grace period.
   *
   * @return done when it has ended
   */
  CompletableFuture<Void> stop(SessionEntry entry, Duration grace) {
    return entry
        .started()
        .handle((begun, failed) -> failed == null)
        .thenCompose(begun -> begun ? ask(entry, grace) : entry.gone().copy());
  }

  /** The same for one whose time is over; nobody waits for it. */
  void stopInItsTime(SessionEntry entry, Duration grace) {
    LOG.atInfo().addKeyValue("session", entry.id()).log("session's time is over");
    CompletableFuture<Void> unused = ask(entry, grace);
  }

  @SuppressWarnings("FutureReturnValueIgnored")
  private CompletableFuture<Void> ask(SessionEntry entry, Duration grace) {
    if (!entry.hasEnded()) {
      signal(entry, Signals.SIGTERM);
      if (entry.hasTerminal()) {
        // A shell at a terminal ignores the first, and ends its jobs with the second.
        signal(entry, SIGHUP);
      }
      timer.schedule(() -> kill(entry), grace.toMillis(), TimeUnit.MILLISECONDS);
    }
    return entry.ended().thenApply(exit -> null);
  }

  /** One that has ended takes none, nor one that takes no such signal. */
  void signal(SessionEntry entry, int number) {
    if (number < 1 || number > Signals.LAST) {
      return;
    }
    entry.process().ifPresent(process -> send(process, number));
  }

  private static void send(ProcessIdentity process, int number) {
    try {
      Signals.send(process, number);
    } catch (IOException refused) {
      throw new UncheckedIOException(refused);
    }
  }

  void kill(SessionEntry entry) {
    if (entry.hasEnded()) {
      return;
    }
    try {
      launchers.of(entry).kill(entry);
    } catch (IOException failed) {
      LOG.atWarn().addKeyValue("session", entry.id()).setCause(failed).log("can't be killed");
    }
  }

  /** Its command has ended; called more than once if need be, and tried again when it failed. */
  void ended(SessionEntry entry) {
    if (entry.gone().isDone() || !entry.beginEnding()) {
      return;
    }
    try {
      if (!entry.hasEnded()) {
        tell(entry, launchers.of(entry).exit(entry, clock.millis()));
      }
      free(entry);
    } catch (IOException | RuntimeException | Error failed) {
      later(entry, failed);
    }
  }

  /** Its command could not be executed where it was to run. */
  void notExecuted(SessionEntry entry, NotExecuted refused) {
    if (!entry.beginEnding()) {
      return;
    }
    try {
      tell(entry, Exits.notExecuted(refused, clock.millis()));
      free(entry);
    } catch (IOException | RuntimeException | Error failed) {
      later(entry, failed);
    }
  }

  /** Upkeep tries it again. */
  private void later(SessionEntry entry, Throwable failed) {
    LOG.atWarn().addKeyValue("session", entry.id()).setCause(failed).log("end not handled yet");
    entry.endLater(clock.millis());
  }

  private void tell(SessionEntry entry, Exit exit) throws IOException {
    notes.ended(entry, exit);
    entry.output().end();
    entry.ended().complete(exit);
  }

  /** Frees what one that has ended still has on this host. */
  private void free(SessionEntry entry) throws IOException {
    launchers.of(entry).clear(entry);
    // Before another gets its address: what is noted as not freed is cleared by the next daemon.
    notes.freed(entry.id());
    release.accept(entry);
    entry.claim().close();
    entry.gone().complete(null);
    LOG.atInfo()
        .addKeyValue("session", entry.id())
        .addKeyValue("app", entry.instance().getApp())
        .addKeyValue("exit", entry.ended().join().getDetail())
        .log("session ended");
  }

  /** Nothing is known of it from now on. */
  void forget(SessionEntry entry) throws IOException {
    notes.forget(entry.id());
    entry.streams().ifPresent(Streams::close);
    entry.output().close();
  }
}
