package dev.paas.api.logs;

import dev.paas.api.logs.LogResource.Line;
import dev.paas.api.scheduler.LogQuery;
import dev.paas.api.scheduler.Scheduler;
import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;

/** The lines of an app's instances and those of the router about it, as one stream. */
@ApplicationScoped
class LogStreams {

  private final Scheduler scheduler;
  private final LogReaders readers;
  private final RouterLines router;

  LogStreams(Scheduler scheduler, LogReaders readers, RouterLines router) {
    this.scheduler = scheduler;
    this.readers = readers;
    this.router = router;
  }

  /**
   * Begins to read for a user.
   *
   * @throws dev.paas.base.problem.PaasException {@code logs.busy}
   */
  Multi<Object> open(LogQuery query, String user) {
    readers.enter(user);
    Multi<Line> lines = Multi.createFrom().publisher(scheduler.logs(query)).map(Line::of);
    RouterLines.Which which = new RouterLines.Which(query.process(), query.slot(), query.tail());
    Multi<Object> all =
        query.follow()
            ? router.beside(lines, query.app(), which)
            : router.between(lines, query.app(), which);
    // Of the whole: whoever hangs up may do so before the first line of the app is asked for.
    return all.onTermination().invoke(() -> readers.leave(user));
  }
}
