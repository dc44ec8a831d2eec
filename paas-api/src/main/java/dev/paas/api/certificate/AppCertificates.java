package dev.paas.api.certificate;

import dev.paas.api.identity.User;
import dev.paas.api.store.Seal;
import dev.paas.api.store.Store;
import dev.paas.base.name.AppName;
import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificates that are kept for apps. */
@ApplicationScoped
public class AppCertificates {

  private static final Logger LOG = LoggerFactory.getLogger(AppCertificates.class);

  /** Characters of a fingerprint that name a certificate. */
  private static final int SHORTEST_NAME = 8;

  private final Store store;
  private final Seal seal;
  private final Clock clock;
  private final Event<CertificatesChanged> changed;
  private final int most;

  AppCertificates(
      Store store,
      Seal seal,
      Clock clock,
      Event<CertificatesChanged> changed,
      PlatformSettings settings) {
    this.store = store;
    this.seal = seal;
    this.clock = clock;
    this.changed = changed;
    this.most = settings.certificates().perApp();
  }

  /** Those of an app, the oldest first. */
  public List<AppCertificate> of(AppName app) {
    return store.read(
        () ->
            CertificateRow.<CertificateRow>list("app = ?1 order by createdAt", app.value()).stream()
                .flatMap(row -> open(row).stream())
                .toList());
  }

  /** Those of all apps. */
  List<AppCertificate> all() {
    return store.read(
        () ->
            CertificateRow.<CertificateRow>listAll().stream()
                .flatMap(row -> open(row).stream())
                .toList());
  }

  /**
   * Keeps one that somebody has; the same once more changes nothing.
   *
   * @throws dev.paas.base.problem.PaasException {@code certificate.too-many}, and what {@link
   *     KeyedChain#check} says
   */
  AppCertificate add(User user, AppName app, KeyedChain content) {
    content.check(clock.instant());
    return store.commit(
        () -> {
          if (CertificateRow.count("app = ?1 and issued = false", app.value()) >= most) {
            throw Problem.of(
                    Kind.CONFLICT,
                    "certificate.too-many",
                    "An app has at most so many certificates of its own",
                    Integer.toString(most),
                    "Remove one that is not needed: paas certs:remove.")
                .asException();
          }
          return keep(app, content, false, user.name());
        });
  }

  /** Keeps one that an authority has issued for a host, in place of earlier ones for it. */
  public AppCertificate replace(AppName app, String host, KeyedChain content) {
    return store.commit(
        () -> {
          for (AppCertificate before : of(app)) {
            if (before.issued() && before.content().covers(host)) {
              delete(app, before.fingerprint());
            }
          }
          return keep(app, content, true, "platform");
        });
  }

  private AppCertificate keep(AppName app, KeyedChain content, boolean issued, String user) {
    CertificateRow row = new CertificateRow();
    row.app = app.value();
    row.fingerprint = content.fingerprint();
    delete(app, row.fingerprint);
    row.chain = Pem.write(content.chain());
    row.sealed =
        Base64.getEncoder().encodeToString(seal.seal(context(row), content.key().getEncoded()));
    row.issued = issued;
    row.createdBy = user;
    row.createdAt = clock.instant().truncatedTo(ChronoUnit.MICROS);
    row.persist();
    store.afterCommit(() -> changed.fire(new CertificatesChanged(app)));
    LOG.atInfo()
        .addKeyValue("app", app)
        .addKeyValue("fingerprint", row.fingerprint)
        .addKeyValue("issued", issued)
        .log("certificate kept");
    return new AppCertificate(app, content, issued, row.createdAt);
  }

  private static void delete(AppName app, String fingerprint) {
    CertificateRow.delete("app = ?1 and fingerprint = ?2", app.value(), fingerprint);
    CertificateRow.getEntityManager().flush();
  }

  /**
   * Forgets one.
   *
   * @param named the beginning of its fingerprint, eight characters at least
   * @return its fingerprint
   * @throws dev.paas.base.problem.PaasException {@code certificate.not-found}
   */
  String remove(AppName app, String named) {
    return store.commit(
        () -> {
          String wanted = named.replace(":", "").toLowerCase(Locale.ROOT);
          List<String> found =
              wanted.length() < SHORTEST_NAME
                  ? List.of()
                  : CertificateRow.<CertificateRow>list("app", app.value()).stream()
                      .map(row -> row.fingerprint)
                      .filter(fingerprint -> fingerprint.startsWith(wanted))
                      .toList();
          if (found.size() != 1) {
            throw Problem.of(
                    Kind.NOT_FOUND,
                    "certificate.not-found",
                    "The app has no certificate of this name",
                    named,
                    "Name it by the first eight characters of its fingerprint or more: paas certs.")
                .asException();
          }
          delete(app, found.get(0));
          store.afterCommit(() -> changed.fire(new CertificatesChanged(app)));
          return found.get(0);
        });
  }

  /** One that can't be read is as one that is not there: the others are shown. */
  private Optional<AppCertificate> open(CertificateRow row) {
    try {
      List<X509Certificate> chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(
                  new ByteArrayInputStream(row.chain.getBytes(StandardCharsets.US_ASCII)))
              .stream()
              .map(X509Certificate.class::cast)
              .toList();
      PrivateKey key =
          KeyFactory.getInstance(chain.get(0).getPublicKey().getAlgorithm())
              .generatePrivate(
                  new PKCS8EncodedKeySpec(
                      seal.open(context(row), Base64.getDecoder().decode(row.sealed))));
      return Optional.of(
          new AppCertificate(
              new AppName(row.app), new KeyedChain(chain, key), row.issued, row.createdAt));
    } catch (GeneralSecurityException | RuntimeException unreadable) {
      LOG.atError()
          .addKeyValue("app", row.app)
          .addKeyValue("fingerprint", row.fingerprint)
          .setCause(unreadable)
          .log("a certificate can't be read");
      return Optional.empty();
    }
  }

  private static String context(CertificateRow row) {
    return "certificate/" + row.app + "/" + row.fingerprint;
  }
}
