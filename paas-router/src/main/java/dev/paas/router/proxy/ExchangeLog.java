package dev.paas.router.proxy;

import dev.paas.router.balance.Upstream;
import dev.paas.router.log.AccessEntry;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the access log will tell of one exchange, counted while it runs. */
final class ExchangeLog {

  /** From here on a failure is not the client's. */
  private static final int SERVER_ERROR = 500;

  private final ProxyContext context;
  private final String client;
  private final String method;
  private final String host;
  private final String target;
  private final String id;
  private final long startedNanos;
  private final long startedMillis;
  private int status;
  private long bytesIn;
  private long measuredFrom;
  private long measuredBytes;
  private long bytesOut;
  private long firstByteNanos = -1;

  ExchangeLog(ProxyContext context, ValidatedRequest request, String client) {
    this.context = context;
    this.client = client;
    this.method = request.head().method();
    this.host = request.host();
    this.target = AccessEntry.target(request.target());
    this.id = context.newRequestId();
    this.startedNanos = context.ticker().nanos();
    this.measuredFrom = startedNanos;
    this.startedMillis = context.clock().millis();
  }

  String id() {
    return id;
  }

  /** When the request's head had come, in milliseconds since 1970. */
  long startedMillis() {
    return startedMillis;
  }

  /** The instance takes the body again: until now it was not the client that was slow. */
  void measure() {
    measuredFrom = context.ticker().nanos();
    measuredBytes = bytesIn;
  }

  /** Whether the body comes too slowly, the first {@code idle-timeout} left out. */
  boolean slow() {
    long nanos =
        context.ticker().nanos() - measuredFrom - context.settings().idleTimeout().toNanos();
    return nanos > 0
        && bytesIn - measuredBytes
            < context.settings().minRate().bytes() * TimeUnit.NANOSECONDS.toSeconds(nanos);
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
    firstByteNanos = context.ticker().nanos() - startedNanos;
  }

  /** The exchange ends with this failure; a status that the client has got already stays. */
  void failed(Failure failure) {
    if (status == 0) {
      status = failure.status();
    }
  }

  void write(UpstreamSelection selection, @Nullable Failure failure, String detail) {
    Upstream upstream = selection.upstream();
    long total = context.ticker().nanos() - startedNanos;
    AccessEntry entry =
        new AccessEntry(
            startedMillis,
            id,
            client,
            method,
            host,
            target,
            upstream == null ? app() : upstream.app(),
            upstream == null ? "" : upstream.id(),
            upstream == null ? "" : upstream.label(),
            status,
            failure == null ? null : failure.code(),
            detail.isEmpty() ? null : detail,
            bytesIn,
            bytesOut,
            firstByteNanos < 0 ? -1 : TimeUnit.NANOSECONDS.toMicros(firstByteNanos),
            TimeUnit.NANOSECONDS.toMicros(total),
            selection.count());
    context.log().add(entry);
    if (failure != null && failure.status() >= SERVER_ERROR && !entry.app().isEmpty()) {
      context.log().failures().add(entry, failure.what());
    }
  }

  private String app() {
    return context.table().routes().find(host).map(site -> site.route().app()).orElse("");
  }
}
