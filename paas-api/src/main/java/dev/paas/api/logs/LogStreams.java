package dev.paas.api.logs;

import dev.paas.api.scheduler.LogQuery;
import dev.paas.api.scheduler.Scheduler;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * An app's log as people read it: what its instances print, what became of them, and between those
 * lines, by their times, what the router and the control plane say of the app.
 */
@ApplicationScoped
class LogStreams {

  /** How long the others' lines of the past wait for older lines of the app. */
  private static final Duration HELD = Duration.ofMillis(500);

  private final Scheduler scheduler;
  private final LogReaders readers;
  private final List<LineSource> others;

  LogStreams(
      Scheduler scheduler, LogReaders readers, RouterLines router, DeploymentLines deployments) {
    this.scheduler = scheduler;
    this.readers = readers;
    this.others = List.of(router, deployments);
  }

  /**
   * Begins to read for a user.
   *
   * @throws dev.paas.base.problem.PaasException {@code logs.busy}
   */
  Multi<Object> open(LogQuery query, String user) {
    Which which = new Which(query);
    LogMerge merge = new LogMerge();
    if (!query.follow()) {
      others.forEach(source -> merge.add(source.past(which)));
    }
    readers.enter(user);
    Multi<Object> own =
        Multi.createFrom()
            .publisher(scheduler.logs(query))
            .map(LogResource.Line::of)
            .onItem()
            .transformToMultiAndConcatenate(line -> Multi.createFrom().iterable(merge.next(line)));
    Multi<Object> all =
        query.follow()
            ? beside(own, merge, which)
            : own.onCompletion().continueWith(() -> merge.rest());
    // Of the whole: whoever hangs up may do so before the first line of the app is asked for.
    return all.onTermination().invoke(() -> readers.leave(user));
  }

  /** Ends when the lines of the app end. */
  @SuppressWarnings("FutureReturnValueIgnored") // what follows the end is the end
  private Multi<Object> beside(Multi<Object> own, LogMerge merge, Which which) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Multi<Object> rest =
        Multi.createFrom()
            .ticks()
            .startingAfter(HELD)
            .every(HELD)
            .select()
            .first(1)
            .onItem()
            .transformToMultiAndConcatenate(tick -> Multi.createFrom().iterable(merge.rest()));
    Multi<Object> coming =
        Multi.createFrom()
            .emitter(
                emitter -> {
                  List<LineSource.Following> all =
                      follow(which, merge, new ComingLines(merge, emitter));
                  emitter.onTermination(() -> end(all));
                  ended.thenRun(emitter::complete);
                },
                BackPressureStrategy.DROP);
    Multi<Object> theirs = own.onTermination().invoke(() -> ended.complete(null));
    // In this order: what the others have waits for its place before the app's first line comes.
    return Multi.createBy().merging().streams(coming, rest, theirs);
  }

  private List<LineSource.Following> follow(Which which, LogMerge merge, ComingLines coming) {
    List<LineSource.Following> all = new ArrayList<>();
    try {
      for (LineSource source : others) {
        LineSource.Following following = source.follow(which, coming);
        all.add(following);
        merge.add(following.past());
      }
    } catch (RuntimeException | Error failed) {
      end(all);
      throw failed;
    }
    return all;
  }

  private static void end(List<LineSource.Following> all) {
    all.forEach(following -> following.subscription().close());
  }
}
