package dev.paas.runtime.session;

import dev.paas.base.name.AppName;
import dev.paas.runtime.container.Exits;
import dev.paas.runtime.image.StoredImage;
import dev.paas.runtime.rootfs.UidRanges;
import dev.paas.runtime.session.output.OutputWatcher;
import java.time.Clock;
import java.util.concurrent.Executor;

/**
 * Makes the process of a session. What a crash leaves: before the process is noted, a session that
 * the next daemon clears and forgets; after it, a process that the next daemon lets begin.
 */
final class SessionLaunch {

  private final RunLauncher runs;
  private final SessionPlaces places;
  private final OutputWatcher outputs;
  private final UidRanges ids;
  private final Executor work;
  private final Clock clock;

  SessionLaunch(
      RunLauncher runs,
      SessionPlaces places,
      OutputWatcher outputs,
      UidRanges ids,
      Executor work,
      Clock clock) {
    this.runs = runs;
    this.places = places;
    this.outputs = outputs;
    this.ids = ids;
    this.work = work;
    this.clock = clock;
  }

  /** Nobody waits here for it. */
  void begin(SessionEntry entry, AppName app, StoredImage image) {
    work.execute(() -> launch(entry, app, image));
  }

  private void launch(SessionEntry entry, AppName app, StoredImage image) {
    try {
      outputs.add(entry.output());
      runs.launch(
          entry,
          image,
          ids.of(app),
          (process, streams) -> {
            entry.runs(process);
            entry.has(streams);
            places.note(entry);
          });
      entry.started().complete(entry.view());
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
