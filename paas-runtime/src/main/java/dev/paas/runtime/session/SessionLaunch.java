package dev.paas.runtime.session;

import dev.paas.runtime.container.Exits;
import dev.paas.runtime.container.NotExecuted;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.session.launch.Launchers;
import dev.paas.runtime.session.output.OutputWatcher;
import dev.paas.runtime.session.roster.SessionEntry;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * Makes the process of a session. What a crash leaves: before the process is noted, a session that
 * the next daemon clears and forgets; after it, a process that the next daemon lets begin.
 */
final class SessionLaunch {

  private final Launchers launchers;
  private final SessionPlaces places;
  private final OutputWatcher outputs;
  private final SessionEnds ends;
  private final Executor work;
  private final Clock clock;

  SessionLaunch(
      Launchers launchers,
      SessionPlaces places,
      OutputWatcher outputs,
      SessionEnds ends,
      Executor work,
      Clock clock) {
    this.launchers = launchers;
    this.places = places;
    this.outputs = outputs;
    this.ends = ends;
    this.work = work;
    this.clock = clock;
  }

  /** Nobody waits here for it. */
  void begin(SessionEntry entry, StoredImage image) {
    try {
      work.execute(() -> launch(entry, image));
    } catch (RuntimeException | Error refused) { // or the caller waits for ever
      failed(entry, refused);
    }
  }

  private void launch(SessionEntry entry, StoredImage image) {
    try {
      outputs.add(entry.output());
      launchers
          .of(entry)
          .launch(
              entry,
              image,
              (process, streams) -> {
                process.ifPresent(entry::runs);
                entry.has(streams);
                places.note(entry);
              });
      entry.started().complete(entry.view());
    } catch (NotExecuted refused) {
      entry.started().complete(entry.view());
      ends.notExecuted(entry, refused);
    } catch (Throwable failed) { // or the caller waits for ever
      failed(entry, failed);
    }
  }

  private void failed(SessionEntry entry, Throwable failed) {
    if (entry.beginEnding()) {
      entry.ended().complete(Exits.startFailed(String.valueOf(failed), clock.millis()));
      places.leave(entry);
      entry.gone().complete(null);
    }
    entry.started().completeExceptionally(failed);
  }
}
