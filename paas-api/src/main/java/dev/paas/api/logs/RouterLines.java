package dev.paas.api.logs;

import dev.paas.api.route.FailedRequest;
import dev.paas.api.route.FailedRequests;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What the router says in an app's log: each request that failed on its way to the app or back,
 * with the code and the reason, as Heroku's router does.
 */
@ApplicationScoped
class RouterLines implements LineSource {

  private static final String ROUTER = "router";

  private final FailedRequests failed;

  RouterLines(FailedRequests failed) {
    this.failed = failed;
  }

  @Override
  public List<LogResource.Line> past(Which which) {
    return wanted(failed.of(which.app()), which);
  }

  private static List<LogResource.Line> wanted(List<FailedRequest> failures, Which which) {
    return LineSource.last(
        failures.stream()
            .filter(failure -> which.takes(line(failure), failure.label()))
            .map(RouterLines::line)
            .toList(),
        which.tail());
  }

  @Override
  public Following follow(Which which, Consumer<LogResource.Line> follower) {
    Handover<FailedRequest> handover = new Handover<>(follower);
    FailedRequests.Subscription following =
        failed.follow(
            which.app(),
            failure -> {
              LogResource.Line line = line(failure);
              if (which.takes(line, failure.label())) {
                handover.came(failure, line);
              }
            });
    List<FailedRequest> before = failed.of(which.app());
    // Two that say the same are two.
    Set<FailedRequest> same = Collections.newSetFromMap(new IdentityHashMap<>());
    same.addAll(before);
    handover.isPast(same);
    return new Following(wanted(before, which), following::close);
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
}
