package dev.paas.api.certificate;

import dev.paas.api.domain.Domains;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells how the hosts of apps stand with HTTPS. */
@ApplicationScoped
public class HostStates {

  private final Domains domains;
  private final CertificateDuties duties;
  private final Ordering ordering;
  private final Clock clock;

  HostStates(Domains domains, CertificateDuties duties, Ordering ordering, Clock clock) {
    this.domains = domains;
    this.duties = duties;
    this.ordering = ordering;
    this.clock = clock;
  }

  /** The hosts that an app answers at, in lower case. */
  List<String> hosts(AppName app) {
    return domains.of(app).stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
  }

  Map<String, String> shownAt() {
    return duties.shownAt();
  }

  List<HostState> of(AppName app, List<AppCertificate> kept, Map<String, String> shownAt) {
    return hosts(app).stream().map(host -> of(app, host, kept, shownAt.get(host))).toList();
  }

  private HostState of(
      AppName app, String host, List<AppCertificate> kept, @Nullable String shown) {
    Optional<AppCertificate> certificate =
        kept.stream().filter(one -> one.fingerprint().equals(shown)).findFirst();
    @Nullable Instant expiry = certificate.map(one -> one.content().notAfter()).orElse(null);
    Optional<Ordering.Last> last = ordering.last(app, host);
    String problem = last.map(Ordering.Last::problem).orElse("");
    String state;
    if (certificate.isPresent()) {
      state = certificate.get().content().valid(clock.instant()) ? "secure" : "expired";
    } else if (kept.stream().anyMatch(one -> one.content().covers(host))) {
      state = "pending";
    } else if (!ordering.orders(host)) {
      state = "none";
    } else {
      state = problem.isEmpty() ? "ordering" : "failed";
    }
    return new HostState(
        host,
        state,
        shown,
        expiry,
        problem.isEmpty() ? null : problem,
        problem.isEmpty() ? null : last.map(Ordering.Last::nextTry).orElse(null));
  }
}
