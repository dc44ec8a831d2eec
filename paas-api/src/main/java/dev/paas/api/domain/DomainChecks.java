package dev.paas.api.domain;

import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.DomainSettings;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Looks again and again whether a pending host has been proved: often at first, then ever more
 * seldom, for as long as it is claimed. A step looks at one host of an app, so that neither many
 * claims nor a name server that does not answer make others wait for long.
 */
@ApplicationScoped
class DomainChecks implements Duties {

  /** The next look is due after this part of the time that the claim has waited. */
  private static final int PART = 4;

  private final Domains domains;
  private final DomainProofs proofs;
  private final Clock clock;
  private final DomainSettings settings;
  private final Reconciler<AppName> work;

  /** When each pending host of an app was looked at last. */
  private final Map<AppName, Map<String, Instant>> looked = new ConcurrentHashMap<>();

  DomainChecks(Domains domains, DomainProofs proofs, Clock clock, PlatformSettings settings) {
    this.domains = domains;
    this.proofs = proofs;
    this.clock = clock;
    this.settings = settings.domains();
    this.work = new Reconciler<>("domains", this.settings.checksAtOnce(), this::look);
  }

  void onStart(@Observes @Priority(1500) StartupEvent started) {
    work.enqueueAll(domains.pending().stream().map(Domain::app).distinct().toList());
  }

  void onStop(@Observes ShutdownEvent stopping) {
    work.close();
  }

  @Override
  public List<Trouble> troubles() {
    return work.troubles();
  }

  void changed(@Observes DomainsChanged event) {
    // Whoever claims a host again has perhaps just set its records.
    looked.remove(event.app());
    work.enqueue(event.app());
  }

  private Requeue look(AppName app) {
    List<Domain> pending = domains.added(app).stream().filter(claim -> !claim.proved()).toList();
    if (pending.isEmpty()) {
      looked.remove(app);
      return Requeue.done();
    }
    Map<String, Instant> times = looked.computeIfAbsent(app, none -> new HashMap<>());
    times.keySet().retainAll(pending.stream().map(Domain::host).collect(Collectors.toSet()));
    Domain next =
        pending.stream().min(Comparator.comparing(claim -> due(claim, times))).orElseThrow();
    Instant now = clock.instant();
    Instant due = due(next, times);
    if (due.isAfter(now)) {
      return Requeue.after(Duration.between(now, due));
    }
    Optional<String> proof = settings.wantsProof() ? proofs.of(next) : Optional.of("none");
    times.put(next.host(), clock.instant());
    // Whether it was the first to prove it is the commit's to say.
    proof.ifPresent(how -> domains.prove(next, how));
    return Requeue.again();
  }

  private Instant due(Domain claim, Map<String, Instant> times) {
    Instant last = times.get(claim.host());
    return last == null ? Instant.EPOCH : last.plus(pause(claim.since(), last, settings));
  }

  /** The pause after a look at {@code last} at a claim that was made at {@code since}. */
  static Duration pause(Instant since, Instant last, DomainSettings settings) {
    Duration part = Duration.between(since, last).dividedBy(PART);
    if (part.compareTo(settings.checkSoonest()) < 0) {
      return settings.checkSoonest();
    }
    return part.compareTo(settings.checkLatest()) > 0 ? settings.checkLatest() : part;
  }
}
