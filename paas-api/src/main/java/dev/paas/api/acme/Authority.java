package dev.paas.api.acme;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.paas.api.store.Seal;
import dev.paas.api.store.Store;
import dev.paas.base.settings.CertificateSettings;
import dev.paas.base.settings.PlatformSettings;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.shredzone.acme4j.AccountBuilder;
import org.shredzone.acme4j.Login;
import org.shredzone.acme4j.Session;
import org.shredzone.acme4j.connector.NetworkSettings;
import org.shredzone.acme4j.exception.AcmeException;
import org.shredzone.acme4j.provider.GenericAcmeProvider;

/**
 * The platform's account with the authority (RFC 8555 §7.3). Its key is durable before the
 * authority hears of it, so that a crash in between finds the same account again.
 */
@ApplicationScoped
class Authority {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Store store;
  private final Seal seal;
  private final CertificateSettings settings;

  Authority(Store store, Seal seal, PlatformSettings settings) {
    this.store = store;
    this.seal = seal;
    this.settings = settings.certificates();
  }

  /**
   * Speaks to the authority as its customer, which this makes the platform if need be.
   *
   * @throws AcmeException it is away, or does not want it
   */
  Login login() throws AcmeException {
    URI directory = settings.directoryUri();
    Session session = new Session(directory, new Trusting(settings.authority()));
    session.networkSettings().setTimeout(TIMEOUT);
    AccountRow known = account();
    KeyPair keys = open(known);
    if (!known.location.isEmpty()) {
      return session.login(url(known.location), keys);
    }
    Login login =
        new AccountBuilder()
            .addEmail(settings.email())
            .agreeToTermsOfService()
            .useKeyPair(keys)
            .createLogin(session);
    store.write(
        () -> {
          AccountRow row = AccountRow.findById(known.directory);
          row.location = login.getAccountLocation().toString();
        });
    return login;
  }

  /** The authority does not know the account any more: the next login makes it again. */
  void forgetLocation() {
    store.write(
        () -> {
          AccountRow row = AccountRow.findById(settings.directory());
          if (row != null) {
            row.location = "";
          }
        });
  }

  private AccountRow account() {
    return store.commit(
        () -> {
          AccountRow row = AccountRow.findById(settings.directory());
          if (row == null) {
            KeyPair made = newKey();
            row = new AccountRow();
            row.directory = settings.directory();
            row.location = "";
            String keys =
                Base64.getEncoder().encodeToString(made.getPrivate().getEncoded())
                    + " "
                    + Base64.getEncoder().encodeToString(made.getPublic().getEncoded());
            row.sealed =
                Base64.getEncoder()
                    .encodeToString(seal.seal(context(row), keys.getBytes(US_ASCII)));
            row.persist();
          }
          return row;
        });
  }

  private KeyPair open(AccountRow row) {
    String[] keys =
        new String(seal.open(context(row), Base64.getDecoder().decode(row.sealed)), US_ASCII)
            .split(" ", -1);
    try {
      KeyFactory factory = KeyFactory.getInstance("EC");
      return new KeyPair(
          factory.generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(keys[1]))),
          factory.generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(keys[0]))));
    } catch (GeneralSecurityException damaged) {
      throw new IllegalStateException("the key of the account can't be read", damaged);
    }
  }

  private static String context(AccountRow row) {
    return "acme/" + row.directory;
  }

  private static URL url(String location) {
    try {
      return URI.create(location).toURL();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  /** A key on P-256, for an account or a certificate. */
  static KeyPair newKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has P-256", impossible);
    }
  }

  /** Any directory, whose server may be vouched for by somebody whom only this platform trusts. */
  private static final class Trusting extends GenericAcmeProvider {

    private final String file;

    Trusting(String file) {
      this.file = file;
    }

    @Override
    public HttpClient createHttpClient(NetworkSettings network) {
      HttpClient.Builder client =
          HttpClient.newBuilder()
              .followRedirects(HttpClient.Redirect.NORMAL)
              .connectTimeout(network.getTimeout())
              .proxy(network.getProxySelector());
      return file.isEmpty() ? client.build() : client.sslContext(trust(Path.of(file))).build();
    }

    private static SSLContext trust(Path file) {
      try (InputStream in = Files.newInputStream(file)) {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int count = 0;
        for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
          store.setCertificateEntry("authority-" + count++, one);
        }
        TrustManagerFactory trusted =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trusted.getTrustManagers(), null);
        return context;
      } catch (IOException | GeneralSecurityException unreadable) {
        throw new IllegalStateException(
            "certificates.authority can't be read: " + unreadable.getMessage(), unreadable);
      }
    }
  }
}
