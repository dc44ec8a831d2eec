package dev.paas.api.acme;

import dev.paas.api.certificate.Ordering.Last;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.CertificateSettings;
import dev.paas.base.settings.PlatformSettings;
import dev.paas.base.time.Backoff;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** When the next order for a host may be made: authorities count what they are asked. */
@ApplicationScoped
class OrderBook {

  private static final Duration WEEK = Duration.ofDays(7);

  private final Store store;
  private final Clock clock;
  private final CertificateSettings settings;

  OrderBook(Store store, Clock clock, PlatformSettings settings) {
    this.store = store;
    this.clock = clock;
    this.settings = settings.certificates();
  }

  Optional<Last> last(AppName app, String host) {
    return store.read(() -> row(app, host).map(row -> new Last(row.problem, row.nextAt)));
  }

  /** When a first order may be made, if not now: there are only so many in a week. */
  Optional<Instant> firstsFullUntil() {
    Instant since = clock.instant().minus(WEEK);
    return store.read(
        () ->
            FirstRow.count("createdAt > ?1", since) < settings.perWeek()
                ? Optional.empty()
                : Optional.of(
                    FirstRow.<FirstRow>find("createdAt > ?1 order by createdAt", since)
                        .firstResult()
                        .createdAt
                        .plus(WEEK)));
  }

  /** An order for a host without a certificate is being made; durable before it is. */
  void countFirst() {
    store.write(
        () -> {
          FirstRow.delete("createdAt <= ?1", clock.instant().minus(WEEK));
          FirstRow row = new FirstRow();
          row.id = UUID.randomUUID().toString();
          row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
          row.persist();
        });
  }

  void succeeded(AppName app, String host) {
    store.write(() -> OrderRow.delete("app = ?1 and host = ?2", app.value(), host));
  }

  /**
   * @param notBefore what the authority wants
   */
  void failed(AppName app, String host, String problem, @Nullable Instant notBefore) {
    Backoff pauses = new Backoff(settings.retrySoonest(), settings.retryLatest());
    store.write(
        () -> {
          OrderRow row =
              row(app, host)
                  .orElseGet(
                      () -> {
                        OrderRow made = new OrderRow();
                        made.app = app.value();
                        made.host = host;
                        return made;
                      });
          row.failures++;
          row.problem = problem.substring(0, Math.min(OrderRow.MAX_PROBLEM, problem.length()));
          Instant next = clock.instant().plus(pauses.after(row.failures));
          row.nextAt =
              (notBefore != null && notBefore.isAfter(next) ? notBefore : next)
                  .truncatedTo(ChronoUnit.MICROS);
          row.persist();
        });
  }

  private static Optional<OrderRow> row(AppName app, String host) {
    return OrderRow.find("app = ?1 and host = ?2", app.value(), host).firstResultOptional();
  }
}
