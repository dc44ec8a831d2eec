package dev.paas.api.certificate;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * A certificate with those that vouch for it and its key.
 *
 * @param chain the leaf first, each signed by the next
 */
public record KeyedChain(List<X509Certificate> chain, PrivateKey key) {

  private static final int DNS_NAME = 2;
  private static final int MIN_RSA = 2048;
  private static final int MAX_RSA = 4096;
  private static final Set<Integer> CURVES = Set.of(256, 384);
  private static final byte[] SIGNED = {'p', 'a', 'a', 's'};

  public KeyedChain {
    chain = List.copyOf(chain);
  }

  /**
   * Whether a client that knows the issuer would take it at this moment.
   *
   * @throws dev.paas.base.problem.PaasException {@code certificate.bad-key}, {@code
   *     certificate.other-key}, {@code certificate.bad-chain}, {@code certificate.bad-dates}
   */
  public void check(Instant now) {
    checkKey();
    for (int i = 0; i + 1 < chain.size(); i++) {
      checkIssued(chain.get(i), chain.get(i + 1));
    }
    for (X509Certificate one : chain) {
      if (now.isAfter(one.getNotAfter().toInstant())) {
        throw Problem.of(
                Kind.INVALID,
                "certificate.bad-dates",
                "This certificate has expired",
                subject(one) + ", on " + one.getNotAfter().toInstant(),
                "Get a new one from whoever issued it.")
            .asException();
      }
      if (now.isBefore(one.getNotBefore().toInstant())) {
        throw Problem.of(
                Kind.INVALID,
                "certificate.bad-dates",
                "This certificate is not valid yet",
                subject(one) + ", from " + one.getNotBefore().toInstant(),
                "Wait until then, or see to the clock of this host.")
            .asException();
      }
    }
  }

  private void checkKey() {
    PublicKey shown = leaf().getPublicKey();
    boolean known =
        shown instanceof RSAPublicKey rsa
            ? rsa.getModulus().bitLength() >= MIN_RSA && rsa.getModulus().bitLength() <= MAX_RSA
            : shown instanceof ECPublicKey ec
                && CURVES.contains(ec.getParams().getCurve().getField().getFieldSize());
    if (!known) {
      throw Problem.of(
              Kind.INVALID,
              "certificate.bad-key",
              "The router shows keys of RSA with 2048 to 4096 bits, and of P-256 and P-384",
              shown.getAlgorithm(),
              "Get a certificate for such a key.")
          .asException();
    }
    if (!shown.getAlgorithm().equals(key.getAlgorithm()) || !pairs(shown)) {
      throw Problem.of(
              Kind.INVALID,
              "certificate.other-key",
              "The key is another certificate's",
              subject(leaf()),
              "Give the key that the first certificate of the file was made for.")
          .asException();
    }
  }

  private boolean pairs(PublicKey shown) {
    try {
      Signature signature =
          Signature.getInstance(shown instanceof ECPublicKey ? "SHA256withECDSA" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(SIGNED);
      byte[] signed = signature.sign();
      signature.initVerify(shown);
      signature.update(SIGNED);
      return signature.verify(signed);
    } catch (GeneralSecurityException other) {
      return false;
    }
  }

  /** RFC 5280 §6.1: the names match, the issuer may sign, and it did. */
  private static void checkIssued(X509Certificate one, X509Certificate by) {
    boolean named = one.getIssuerX500Principal().equals(by.getSubjectX500Principal());
    boolean[] usage = by.getKeyUsage();
    boolean signs = by.getBasicConstraints() >= 0 && (usage == null || usage[5]);
    try {
      one.verify(by.getPublicKey());
    } catch (GeneralSecurityException other) {
      named = false;
    }
    if (!named || !signs) {
      throw Problem.of(
              Kind.INVALID,
              "certificate.bad-chain",
              "Each certificate of the file must be issued by the next one",
              subject(one) + " is not issued by " + subject(by),
              "Put the app's certificate first, then its issuer's, and so on; leave others out.")
          .asException();
    }
  }

  private static String subject(X509Certificate one) {
    String name = one.getSubjectX500Principal().getName();
    return Problem.printable(name.isEmpty() ? String.join(" ", names(one)) : name);
  }

  public X509Certificate leaf() {
    return chain.get(0);
  }

  /** Lower-case hex SHA-256 of the leaf. */
  public String fingerprint() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(leaf().getEncoded());
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** The names that it is for (subjectAltName), lower case; {@code *.} stands for one label. */
  public Set<String> names() {
    return names(leaf());
  }

  private static Set<String> names(X509Certificate one) {
    Set<String> names = new TreeSet<>();
    try {
      Collection<List<?>> all = one.getSubjectAlternativeNames();
      if (all != null) {
        for (List<?> name : all) {
          if (Integer.valueOf(DNS_NAME).equals(name.get(0))) {
            names.add(String.valueOf(name.get(1)).toLowerCase(Locale.ROOT));
          }
        }
      }
    } catch (CertificateParsingException none) {
      return Set.of();
    }
    return names;
  }

  /** Whether it is for this host: by its name, or by a wildcard for its first label (RFC 6125). */
  public boolean covers(String host) {
    Set<String> names = names();
    int dot = host.indexOf('.');
    return names.contains(host) || (dot > 0 && names.contains("*" + host.substring(dot)));
  }

  public Instant notBefore() {
    return leaf().getNotBefore().toInstant();
  }

  public Instant notAfter() {
    return leaf().getNotAfter().toInstant();
  }

  /** Whether now is within its dates. */
  public boolean valid(Instant now) {
    return !now.isBefore(notBefore()) && !now.isAfter(notAfter());
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "KeyedChain[" + names() + "]";
  }
}
