package dev.paas.api.certificate;

import dev.paas.api.domain.Domains;
import dev.paas.api.domain.DomainsChanged;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.api.route.Routes;
import dev.paas.api.route.ShownCertificate;
import dev.paas.api.route.ShownCertificates;
import dev.paas.api.route.SiteRules;
import dev.paas.base.name.AppName;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Has the router show the certificates that are kept, at the hosts of the apps that they are kept
 * for, and send plain HTTP to HTTPS where one is shown that is valid.
 */
@ApplicationScoped
public class CertificateDuties implements Duties {

  private static final String ALL = "all";

  /** Dates come to pass without anybody saying so. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private final AppCertificates kept;
  private final Challenges challenges;
  private final Domains domains;
  private final ShownCertificates shown;
  private final Routes routes;
  private final Clock clock;
  private final Reconciler<String> work;

  CertificateDuties(
      AppCertificates kept,
      Challenges challenges,
      Domains domains,
      ShownCertificates shown,
      Routes routes,
      Clock clock) {
    this.kept = kept;
    this.challenges = challenges;
    this.domains = domains;
    this.shown = shown;
    this.routes = routes;
    this.clock = clock;
    this.work = new Reconciler<>("certificates", 1, all -> step());
  }

  void onStart(@Observes @Priority(1500) StartupEvent started) {
    routes.listen(() -> work.enqueue(ALL));
    work.enqueue(ALL);
  }

  void onStop(@Observes ShutdownEvent stopping) {
    work.close();
  }

  void changed(@Observes CertificatesChanged event) {
    work.enqueue(ALL);
  }

  void domainsChanged(@Observes DomainsChanged event) {
    work.enqueue(ALL);
  }

  void challengesChanged(@Observes Challenges.Changed event) {
    work.enqueue(ALL);
  }

  @Override
  public List<Trouble> troubles() {
    return work.troubles();
  }

  /** Where a certificate is shown, and which: the fingerprint by the host. */
  public Map<String, String> shownAt() {
    Set<String> acknowledged = shown.acknowledged();
    Map<String, String> at = new HashMap<>();
    for (ShownCertificate one : plan(kept.all())) {
      if (acknowledged.contains(one.id())) {
        one.hosts().forEach(host -> at.put(host, one.id()));
      }
    }
    return at;
  }

  private List<ShownCertificate> plan(List<AppCertificate> all) {
    Map<AppName, List<String>> hosts =
        all.stream()
            .map(AppCertificate::app)
            .distinct()
            .collect(
                Collectors.toMap(
                    app -> app,
                    app ->
                        domains.of(app).stream()
                            .map(host -> host.toLowerCase(Locale.ROOT))
                            .toList()));
    return ShownPlan.of(all, hosts, clock.instant());
  }

  private Requeue step() {
    List<AppCertificate> all = kept.all();
    List<ShownCertificate> plan = plan(all);
    shown.show(plan);
    Instant now = clock.instant();
    Set<String> valid =
        all.stream()
            .filter(one -> one.content().valid(now))
            .map(AppCertificate::fingerprint)
            .collect(Collectors.toSet());
    valid.retainAll(shown.acknowledged());
    Map<String, SiteRules> rules = new HashMap<>();
    challenges.now().forEach((host, answers) -> rules.put(host, new SiteRules(answers, false)));
    for (ShownCertificate one : plan) {
      if (valid.contains(one.id())) {
        for (String host : one.hosts()) {
          SiteRules before = rules.get(host);
          rules.put(host, new SiteRules(before == null ? Map.of() : before.challenges(), true));
        }
      }
    }
    routes.rule(rules);
    return all.isEmpty() ? Requeue.done() : Requeue.after(LOOK_AGAIN);
  }
}
