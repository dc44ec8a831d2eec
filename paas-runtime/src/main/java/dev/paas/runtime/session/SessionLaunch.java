package dev.paas.runtime.session;

import dev.paas.runtime.container.Exits;
import dev.paas.runtime.container.NotExecuted;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.linux.ProcessIdentity;
import dev.paas.runtime.session.launch.Launcher;
import dev.paas.runtime.session.launch.Launchers;
import dev.paas.runtime.session.output.OutputWatcher;
import dev.paas.runtime.session.output.Streams;
import dev.paas.runtime.session.roster.SessionEntry;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Makes the process of a session. What a crash leaves: before the process is noted, or that it
 * begins, a session that the next daemon clears and forgets; after it, one that the next daemon
 * lets begin, unless it has begun: it is the one of its id, and whoever asks for that again gets
 * it.
 */
final class SessionLaunch {

  private final Launchers launchers;
  private final SessionPlaces places;
  private final OutputWatcher outputs;
  private final SessionEnds ends;
  private final SessionThreads threads;
  private final Clock clock;

  SessionLaunch(
      Launchers launchers,
      SessionPlaces places,
      OutputWatcher outputs,
      SessionEnds ends,
      SessionThreads threads,
      Clock clock) {
    this.launchers = launchers;
    this.places = places;
    this.outputs = outputs;
    this.ends = ends;
    this.threads = threads;
    this.clock = clock;
  }

  /** Nobody waits here for it. */
  void begin(SessionEntry entry, StoredImage image) {
    try {
      Executor starter = entry.isExec() ? threads.execs() : threads.runs();
      starter.execute(() -> launch(entry, image));
    } catch (RuntimeException | Error refused) { // or the caller waits for ever
      failed(entry, refused);
    }
  }

  private void launch(SessionEntry entry, StoredImage image) {
    try {
      outputs.add(entry.output());
      launchers.of(entry).launch(entry, image, noting(entry));
      entry.started().complete(entry.view());
    } catch (NotExecuted refused) {
      entry.started().complete(entry.view());
      ends.notExecuted(entry, refused);
    } catch (Throwable failed) { // or the caller waits for ever
      failed(entry, failed);
    }
  }

  private Launcher.Created noting(SessionEntry entry) {
    return new Launcher.Created() {
      @Override
      public void process(Optional<ProcessIdentity> process, Streams streams) throws IOException {
        process.ifPresent(entry::runs);
        entry.has(streams);
        places.note(entry);
      }

      @Override
      public void begins() throws IOException {
        places.noteBeginning(entry);
      }
    };
  }

  private void failed(SessionEntry entry, Throwable failed) {
    try {
      if (entry.beginEnding()) {
        entry.ended().complete(Exits.startFailed(String.valueOf(failed), clock.millis()));
        places.leave(entry);
        entry.gone().complete(null);
      }
    } finally {
      entry.started().completeExceptionally(failed);
    }
  }
}
