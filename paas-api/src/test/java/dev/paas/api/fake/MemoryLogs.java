package dev.paas.api.fake;

import dev.paas.api.scheduler.LogLine;
import dev.paas.api.scheduler.LogQuery;
import dev.paas.base.name.AppName;
import dev.paas.base.name.InstanceName;
import dev.paas.base.problem.PaasException;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.smallrye.mutiny.subscription.MultiEmitter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;

/**
 * What instances of {@link MemoryScheduler} have printed. Its fields belong to that one's thread.
 */
final class MemoryLogs {

  private final Executor loop;
  private final Map<AppName, List<LogLine>> lines = new HashMap<>();
  private final Map<MultiEmitter<? super LogLine>, LogQuery> followers = new LinkedHashMap<>();

  MemoryLogs(Executor loop) {
    this.loop = loop;
  }

  void add(LogLine line) {
    lines.computeIfAbsent(line.instance().app(), app -> new ArrayList<>()).add(line);
    Map.copyOf(followers)
        .forEach(
            (follower, query) -> {
              if (isMeant(line, query)) {
                follower.emit(line);
              }
            });
  }

  List<String> last(InstanceName instance, int count) {
    List<String> texts =
        lines.getOrDefault(instance.app(), List.of()).stream()
            .filter(line -> line.instance().equals(instance))
            .map(LogLine::text)
            .toList();
    return texts.subList(Math.max(0, texts.size() - count), texts.size());
  }

  /**
   * @param check fails when nobody may read now
   */
  Flow.Publisher<LogLine> read(LogQuery query, Runnable check) {
    return Multi.createFrom()
        .emitter(
            emitter -> loop.execute(() -> begin(query, check, emitter)),
            BackPressureStrategy.BUFFER);
  }

  private void begin(LogQuery query, Runnable check, MultiEmitter<? super LogLine> reader) {
    try {
      check.run();
    } catch (PaasException refused) {
      reader.fail(refused);
      return;
    }
    List<LogLine> past =
        lines.getOrDefault(query.app(), List.of()).stream()
            .filter(line -> isMeant(line, query))
            .toList();
    past.subList(Math.max(0, past.size() - query.tail()), past.size()).forEach(reader::emit);
    if (query.follow()) {
      followers.put(reader, query);
      reader.onTermination(() -> loop.execute(() -> followers.remove(reader)));
    } else {
      reader.complete();
    }
  }

  private static boolean isMeant(LogLine line, LogQuery query) {
    InstanceName of = line.instance();
    return of.app().equals(query.app())
        && (query.process().isEmpty() || query.process().equals(of.process().value()))
        && (query.slot() == 0 || query.slot() == of.slot())
        && query.takes(line.at(), line.text());
  }

  void remove(AppName app) {
    lines.remove(app);
  }

  /** Ends whoever follows. */
  void fail(PaasException why) {
    List.copyOf(followers.keySet()).forEach(follower -> follower.fail(why));
    followers.clear();
  }
}
