package dev.paas.api.building;

import dev.paas.api.app.AppGoing;
import dev.paas.api.build.BuildChanged;
import dev.paas.api.build.BuildId;
import dev.paas.api.build.BuildOutput;
import dev.paas.api.build.Builds;
import dev.paas.api.reconcile.Attempts;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.reconcile.Work;
import dev.paas.base.name.AppName;
import dev.paas.base.time.Ticker;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;

/**
 * The queue of builds: as many at once as the {@link BuildLine} lets through, one at a time for an
 * app.
 */
@ApplicationScoped
public class BuildWork implements AutoCloseable, Duties {

  private final Builds builds;
  private final Builder builder;
  private final BuildLine line;
  private final BuildOutput output;
  private final Attempts attempts;
  private final Reconciler<AppName> queue;

  /**
   * Until then events are left alone: {@link #start} looks at every build that is open, when what
   * is poisoned has been ended.
   */
  private volatile boolean begun;

  BuildWork(
      Builds builds,
      Builder builder,
      BuildLine line,
      BuildOutput output,
      Attempts attempts,
      Ticker ticker) {
    this.builds = builds;
    this.builder = builder;
    this.line = line;
    this.output = output;
    this.attempts = attempts;
    // One worker more than places: asking for one must not wait for those that build.
    this.queue =
        new Reconciler<>("build", line.atOnce() + 1, this::reconcile, builder::end, ticker);
  }

  /** Goes on with what was open when the control plane stopped. */
  public void start() {
    line.listen(queue::enqueue);
    attempts
        .poisoned(Work.Kind.BUILD, builds.open().stream().map(Builds::work).toList())
        .forEach(work -> builder.poisoned(new BuildId(work.app(), work.number())));
    begun = true;
    queue.enqueueAll(builds.appsWithOpen());
  }

  void changed(@Observes BuildChanged event) {
    if (begun) {
      queue.enqueue(event.id().app());
    }
  }

  void going(@Observes AppGoing event) {
    builder.interrupt(event.app());
    // Last: what followers do when they are told is theirs, and may fail.
    output.wakeAll(event.app());
  }

  /** The runtime is there again. */
  public void retry() {
    if (begun) {
      queue.enqueueAll(builds.appsWithOpen());
    }
  }

  /**
   * Builds if the app has a place, else asks for one. The place is given back after each build, so
   * that an app with many has to stand in line for each, and after each attempt that could not go
   * on, so that no place is held by something that only waits.
   */
  private Requeue reconcile(AppName app) throws Exception {
    if (!line.ask(app)) {
      return Requeue.done();
    }
    // A step that throws keeps its place: it is tried again a few times, and then the build ends.
    Requeue answer = builder.reconcile(app);
    line.leave(app);
    return answer;
  }

  @Override
  public List<Trouble> troubles() {
    return queue.troubles();
  }

  @Override
  public void close() {
    line.close();
    queue.close();
  }
}
