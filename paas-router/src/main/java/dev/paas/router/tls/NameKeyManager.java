package dev.paas.router.tls;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the certificate by the name that a client asks for (SNI, RFC 6066 §3). Aliases are ids of
 * certificates.
 */
final class NameKeyManager extends X509ExtendedKeyManager {

  private final CertificateSet certificates;
  private final KeyedCertificate byDefault;

  /**
   * @param byDefault for names that have none, and for clients that name nothing
   */
  NameKeyManager(CertificateSet certificates, KeyedCertificate byDefault) {
    this.certificates = certificates;
    this.byDefault = byDefault;
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
    KeyedCertificate chosen = certificates.of(nameAskedFor(engine));
    KeyedCertificate shown = chosen == null ? byDefault : chosen;
    return keyType.equals(shown.algorithm()) || keyType.startsWith(shown.algorithm() + "_")
        ? shown.id()
        : null;
  }

  private static String nameAskedFor(SSLEngine engine) {
    try {
      if (engine.getHandshakeSession() instanceof ExtendedSSLSession session) {
        for (SNIServerName name : session.getRequestedServerNames()) {
          if (name instanceof SNIHostName host) {
            return host.getAsciiName().toLowerCase(Locale.ROOT);
          }
        }
      }
    } catch (IllegalArgumentException noName) {
      // What it sent is not a name, so nothing here has it.
    }
    return "";
  }

  private KeyedCertificate certificate(String alias) {
    KeyedCertificate found = certificates.withId(alias);
    return found == null ? byDefault : found;
  }

  @Override
  public X509Certificate[] getCertificateChain(String alias) {
    return certificate(alias).chainArray();
  }

  @Override
  public PrivateKey getPrivateKey(String alias) {
    return certificate(alias).key();
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null;
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
    return null;
  }
}
