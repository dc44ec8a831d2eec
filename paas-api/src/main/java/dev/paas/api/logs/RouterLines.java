package dev.paas.api.logs;

import dev.paas.api.route.FailedRequest;
import dev.paas.api.route.FailedRequests;
import dev.paas.base.name.AppName;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the router says in an app's log: each request that failed on its way to the app or back,
 * with the code and the reason, as Heroku's router does.
 */
@ApplicationScoped
class RouterLines {

  private static final String ROUTER = "router";

  private final FailedRequests failed;

  RouterLines(FailedRequests failed) {
    this.failed = failed;
  }

  /** Those of the past between the lines of an app, by their time. */
  Multi<Object> between(Multi<LogResource.Line> lines, AppName app, Which which) {
    ArrayDeque<LogResource.Line> left = new ArrayDeque<>(past(app, which));
    Multi<Object> merged =
        lines
            .onItem()
            .transformToMultiAndConcatenate(
                line -> {
                  List<Object> due = new ArrayList<>();
                  while (!left.isEmpty() && !left.getFirst().at().isAfter(line.at())) {
                    due.add(left.removeFirst());
                  }
                  due.add(line);
                  return Multi.createFrom().iterable(due);
                });
    return merged.onCompletion().continueWith(() -> List.<Object>copyOf(left));
  }

  /** Those of the past first, then new ones as they come, until the lines of the app end. */
  @SuppressWarnings("FutureReturnValueIgnored") // what follows the end is the end
  Multi<Object> beside(Multi<LogResource.Line> lines, AppName app, Which which) {
    CompletableFuture<Void> ended = new CompletableFuture<>();
    Multi<Object> own =
        Multi.createFrom()
            .emitter(
                emitter -> {
                  FailedRequests.Subscription following =
                      failed.follow(
                          app,
                          failure -> {
                            if (which.takes(failure.label())) {
                              emitter.emit(line(failure));
                            }
                          });
                  emitter.onTermination(following::close);
                  ended.thenRun(emitter::complete);
                },
                BackPressureStrategy.DROP);
    Multi<Object> theirs =
        lines.<Object>map(line -> line).onTermination().invoke(() -> ended.complete(null));
    Multi<Object> past = Multi.createFrom().iterable(List.<Object>copyOf(past(app, which)));
    return Multi.createBy()
        .concatenating()
        .streams(past, Multi.createBy().merging().streams(own, theirs));
  }

  private List<LogResource.Line> past(AppName app, Which which) {
    List<LogResource.Line> all =
        failed.of(app).stream()
            .filter(failure -> which.takes(failure.label()))
            .map(RouterLines::line)
            .toList();
    return all.subList(Math.max(0, all.size() - which.tail()), all.size());
  }

  private static LogResource.Line line(FailedRequest failure) {
    StringBuilder text = new StringBuilder("at=error code=").append(failure.code());
    quoted(text, "desc", failure.what());
    text.append(" method=").append(failure.method());
    quoted(text, "path", failure.target());
    text.append(" host=").append(failure.host());
    text.append(" request_id=").append(failure.requestId());
    if (!failure.label().isEmpty()) {
      text.append(" instance=").append(failure.label());
    }
    text.append(" service=").append(TimeUnit.MICROSECONDS.toMillis(failure.totalMicros()));
    text.append("ms status=").append(failure.status());
    if (failure.skipped() > 0) {
      text.append(" skipped=").append(failure.skipped());
    }
    return new LogResource.Line(failure.at(), ROUTER, "", ROUTER, text.toString());
  }

  private static void quoted(StringBuilder text, String key, String value) {
    text.append(' ').append(key).append("=\"");
    text.append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
  }

  /**
   * Which lines somebody wants.
   *
   * @param process of this type, or empty: of all
   * @param slot of this instance of the type, or 0: of all
   * @param tail so many of the past
   */
  record Which(String process, int slot, int tail) {

    boolean takes(String label) {
      return process.isEmpty()
          || label.equals(process + "." + slot)
          || (slot == 0 && label.startsWith(process + "."));
    }
  }
}
