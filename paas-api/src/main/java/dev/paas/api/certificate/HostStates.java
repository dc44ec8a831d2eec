package dev.paas.api.certificate;

import dev.paas.api.domain.Domains;
import dev.paas.base.name.AppName;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tells how the hosts of apps stand with HTTPS. */
@ApplicationScoped
public class HostStates {

  /** So long before a certificate ends a person should know, if it is not a short-lived one. */
  private static final Duration WARNING = Duration.ofDays(14);

  /** Of the time of a short-lived one, what is left then: it should have been replaced long ago. */
  private static final int LAST_PART = 6;

  private final Domains domains;
  private final AppCertificates certificates;
  private final CertificateDuties duties;
  private final Ordering ordering;
  private final Clock clock;

  HostStates(
      Domains domains,
      AppCertificates certificates,
      CertificateDuties duties,
      Ordering ordering,
      Clock clock) {
    this.domains = domains;
    this.certificates = certificates;
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

  /** A host of an app whose HTTPS needs a look. */
  public record Trouble(AppName app, String host, String what) {}

  /** Hosts whose certificate is about to be lost, or is not to be had. */
  public List<Trouble> troubles(AppName app) {
    List<AppCertificate> kept = certificates.of(app);
    List<Trouble> troubles = new ArrayList<>();
    for (HostState state : of(app, kept, shownAt())) {
      String problem = state.problem() == null ? "" : ": " + state.problem();
      Instant expiry = state.expiresAt();
      if (expiry != null && lost(kept, state)) {
        troubles.add(new Trouble(app, state.host(), "its certificate ends at " + expiry + problem));
      } else if (state.state().equals("failed")) {
        troubles.add(new Trouble(app, state.host(), "it has no certificate" + problem));
      }
    }
    return troubles;
  }

  private boolean lost(List<AppCertificate> kept, HostState state) {
    Instant now = clock.instant();
    return kept.stream()
        .filter(one -> one.fingerprint().equals(state.certificate()))
        .map(AppCertificate::content)
        .anyMatch(
            content -> {
              Duration whole = Duration.between(content.notBefore(), content.notAfter());
              Duration early = whole.dividedBy(LAST_PART);
              return content
                  .notAfter()
                  .minus(early.compareTo(WARNING) < 0 ? early : WARNING)
                  .isBefore(now);
            });
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
