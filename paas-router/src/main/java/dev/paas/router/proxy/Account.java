package dev.paas.router.proxy;

import dev.paas.router.balance.Instance;
import dev.paas.router.log.AccessEntry;
import dev.paas.router.table.Route;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the access log will tell of one exchange, counted while it runs. */
final class Account {

  private final Proxy proxy;
  private final Admitted request;
  private final String client;
  private final String id;
  private final long startedNanos;
  private final long startedMillis;
  private int status;
  private long bytesIn;
  private long bytesOut;
  private long firstByteNanos = -1;

  Account(Proxy proxy, Admitted request, String client) {
    this.proxy = proxy;
    this.request = request;
    this.client = client;
    this.id = proxy.newRequestId();
    this.startedNanos = proxy.ticker().nanos();
    this.startedMillis = proxy.clock().millis();
  }

  String id() {
    return id;
  }

  /** When the request's head had come, in milliseconds since 1970. */
  long startedMillis() {
    return startedMillis;
  }

  void received(long contentBytes) {
    bytesIn += contentBytes;
  }

  void sent(long contentBytes) {
    bytesOut += contentBytes;
  }

  /** The instance has answered with {@code answer}. */
  void answered(int answer) {
    status = answer;
    firstByteNanos = proxy.ticker().nanos() - startedNanos;
  }

  /** The exchange ends with this failure; a status that the client has got already stays. */
  void failed(Failure failure) {
    if (status == 0) {
      status = failure.status();
    }
  }

  void log(Attempts attempts, @Nullable Failure failure, String detail) {
    Instance instance = attempts.instance();
    long total = proxy.ticker().nanos() - startedNanos;
    proxy
        .log()
        .add(
            new AccessEntry(
                startedMillis,
                id,
                client,
                request.head().method(),
                request.host(),
                request.target(),
                instance == null ? app() : instance.app(),
                instance == null ? "" : instance.id(),
                instance == null ? "" : instance.label(),
                status,
                failure == null ? null : failure.code(),
                detail.isEmpty() ? null : detail,
                bytesIn,
                bytesOut,
                firstByteNanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMicros(firstByteNanos),
                TimeUnit.NANOSECONDS.toMicros(total),
                attempts.count()));
  }

  private String app() {
    return proxy.table().routes().find(request.host()).map(Route::app).orElse("");
  }
}
