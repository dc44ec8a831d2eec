package dev.paas.api.acme;

import dev.paas.api.app.Apps;
import dev.paas.api.certificate.AppCertificate;
import dev.paas.api.certificate.AppCertificates;
import dev.paas.api.certificate.CertificatesChanged;
import dev.paas.api.certificate.KeyedChain;
import dev.paas.api.certificate.Ordering;
import dev.paas.api.domain.Domains;
import dev.paas.api.domain.DomainsChanged;
import dev.paas.api.reconcile.Duties;
import dev.paas.api.reconcile.Reconciler;
import dev.paas.api.reconcile.Requeue;
import dev.paas.base.name.AppName;
import dev.paas.base.settings.CertificateSettings;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.exception.AcmeRateLimitedException;
import org.shredzone.acme4j.exception.AcmeServerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that each host of an app has a certificate that goes on being valid: orders one where
 * there is none, and the next when a third of the time is left. A step makes one order of an app.
 */
@ApplicationScoped
class CertificateOrders implements Duties, Ordering {

  private static final Logger LOG = LoggerFactory.getLogger(CertificateOrders.class);

  /** Of the time that a certificate is valid, what is left when the next one is ordered. */
  private static final int LEFT = 3;

  /** Of the same, how much earlier that may be, so that not all are ordered at once. */
  private static final int JITTER = 50;

  private static final Duration SOON = Duration.ofMillis(100);

  private final Apps apps;
  private final Domains domains;
  private final AppCertificates certificates;
  private final Desk desk;
  private final CertificateSettings settings;
  private final boolean secure;
  private final Clock clock;
  private final Reconciler<AppName> work;

  CertificateOrders(
      Apps apps,
      Domains domains,
      AppCertificates certificates,
      Desk desk,
      PlatformSettings settings,
      Clock clock) {
    this.apps = apps;
    this.domains = domains;
    this.certificates = certificates;
    this.desk = desk;
    this.settings = settings.certificates();
    this.secure = !settings.router().https().all().isEmpty();
    this.clock = clock;
    this.work = new Reconciler<>("certificate orders", this.settings.atOnce(), this::step);
  }

  void onStart(@Observes @Priority(1600) StartupEvent started) {
    desk.listen(this::enqueue);
    apps.all().forEach(app -> enqueue(app.name()));
  }

  void onStop(@Observes ShutdownEvent stopping) {
    work.close();
  }

  void domainsChanged(@Observes DomainsChanged event) {
    enqueue(event.app());
  }

  void certificatesChanged(@Observes CertificatesChanged event) {
    enqueue(event.app());
  }

  private void enqueue(AppName app) {
    if (settings.ordersAny() && secure) {
      work.enqueue(app);
    }
  }

  @Override
  public List<Trouble> troubles() {
    return work.troubles();
  }

  /** A name that the world can look up, as far as that can be told from it. */
  @Override
  public boolean orders(String host) {
    return settings.ordersAny()
        && secure
        && host.indexOf('.') > 0
        && !host.startsWith("*")
        && !host.endsWith(".localhost")
        && !host.endsWith(".local")
        && !host.endsWith(".internal");
  }

  @Override
  public Optional<Last> last(AppName app, String host) {
    return desk.book().last(app, host);
  }

  private Requeue step(AppName app) {
    if (!desk.reaches(app)) {
      // An authority would find nothing there; whoever serves it enqueues it.
      return Requeue.done();
    }
    List<AppCertificate> kept = certificates.of(app);
    Instant now = clock.instant();
    Instant soonest = Instant.MAX;
    for (String named : domains.of(app)) {
      String host = named.toLowerCase(Locale.ROOT);
      if (!orders(host)) {
        continue;
      }
      Instant due = due(app, host, kept);
      if (!due.isAfter(now)) {
        order(app, host, kept.stream().noneMatch(one -> one.content().covers(host)));
        return Requeue.again();
      }
      soonest = due.isBefore(soonest) ? due : soonest;
    }
    return soonest.equals(Instant.MAX)
        ? Requeue.done()
        : Requeue.after(Duration.between(now, soonest).plus(SOON));
  }

  /** When the next order for a host is to be made. */
  private Instant due(AppName app, String host, List<AppCertificate> kept) {
    Instant wanted = Instant.MIN;
    boolean first = true;
    for (AppCertificate one : kept) {
      if (one.content().covers(host)) {
        first = false;
        Instant renewal = one.issued() ? renewal(one.content()) : one.content().notAfter();
        wanted = renewal.isAfter(wanted) ? renewal : wanted;
      }
    }
    Instant allowed = last(app, host).map(Last::nextTry).orElse(Instant.MIN);
    if (first) {
      Instant free = desk.book().firstsFullUntil().orElse(Instant.MIN);
      allowed = free.isAfter(allowed) ? free : allowed;
    }
    return allowed.isAfter(wanted) ? allowed : wanted;
  }

  /** Two thirds into its time, or somewhat before: the same moment however often it is asked. */
  static Instant renewal(KeyedChain content) {
    Duration whole = Duration.between(content.notBefore(), content.notAfter());
    long jitter = whole.toMillis() / JITTER;
    long earlier =
        jitter == 0 ? 0 : Long.parseLong(content.fingerprint().substring(0, 12), 16) % jitter;
    return content.notAfter().minus(whole.dividedBy(LEFT)).minusMillis(earlier);
  }

  private void order(AppName app, String host, boolean first) {
    if (first) {
      desk.book().countFirst();
    }
    try {
      KeyedChain issued = desk.order(host);
      certificates.replace(app, host, issued);
      desk.book().succeeded(app, host);
      LOG.atInfo().addKeyValue("app", app).addKeyValue("host", host).log("certificate issued");
    } catch (AcmeRateLimitedException limited) {
      failed(app, host, limited, limited.getRetryAfter().orElse(null));
    } catch (AcmeException | Order.Refused | RuntimeException refused) {
      desk.failed(refused);
      failed(app, host, refused, null);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private void failed(AppName app, String host, Exception why, @Nullable Instant notBefore) {
    String text =
        why instanceof AcmeServerException || why instanceof Order.Refused
            ? String.valueOf(why.getMessage())
            : "the authority could not be asked: " + why.getMessage();
    LOG.atWarn()
        .addKeyValue("app", app)
        .addKeyValue("host", host)
        .addKeyValue("cause", text)
        .log("certificate not issued");
    desk.book().failed(app, host, dev.paas.base.problem.Problem.printable(text), notBefore);
  }
}
