package dev.paas.api.certificate;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and keys as files have them (RFC 7468): keys in PKCS #8, and as OpenSSL wrote them
 * before, in PKCS #1 and SEC 1.
 */
public final class Pem {

  /** Characters of a chain, and of a key. */
  static final int MAX_CHAIN = 16 << 10;

  static final int MAX_KEY = 8 << 10;

  private static final int MAX_CERTIFICATES = 10;
  private static final int LINE = 64;

  private static final Map<String, String> ALGORITHMS =
      Map.of(
          PKCSObjectIdentifiers.rsaEncryption.getId(),
          "RSA",
          X9ObjectIdentifiers.id_ecPublicKey.getId(),
          "EC");

  private Pem() {}

  /**
   * Reads both files; whether they belong together is {@link KeyedChain#check}'s to say.
   *
   * @throws dev.paas.base.problem.PaasException {@code certificate.bad-chain}, {@code
   *     certificate.bad-key}
   */
  public static KeyedChain parse(String chain, String key) {
    return new KeyedChain(chain(chain), key(key));
  }

  private static List<X509Certificate> chain(String text) {
    List<X509Certificate> chain = new ArrayList<>();
    if (text.length() > MAX_CHAIN) {
      throw badChain(text.length() + " characters");
    }
    try (PemReader reader = new PemReader(new StringReader(text))) {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (PemObject next = reader.readPemObject(); next != null; next = reader.readPemObject()) {
        if (next.getType().equals("CERTIFICATE")) {
          chain.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(next.getContent())));
        }
      }
    } catch (IOException | GeneralSecurityException | RuntimeException broken) {
      throw badChain(first(text));
    }
    if (chain.isEmpty() || chain.size() > MAX_CERTIFICATES) {
      throw badChain(chain.isEmpty() ? first(text) : chain.size() + " certificates");
    }
    return chain;
  }

  private static RuntimeException badChain(String value) {
    return Problem.of(
            Kind.INVALID,
            "certificate.bad-chain",
            "This is not a file with one to ten certificates, of 16 KiB at most",
            value,
            "Give the file in PEM (-----BEGIN CERTIFICATE-----): the app's certificate first, then"
                + " its issuer's, often called fullchain.pem.")
        .asException();
  }

  private static PrivateKey key(String text) {
    if (text.length() > MAX_KEY) {
      throw badKey(text.length() + " characters");
    }
    try (PEMParser parser = new PEMParser(new StringReader(text))) {
      for (Object next = parser.readObject(); next != null; next = parser.readObject()) {
        PrivateKeyInfo found = keyIn(next);
        if (found != null) {
          String type = found.getPrivateKeyAlgorithm().getAlgorithm().getId();
          String algorithm = ALGORITHMS.get(type);
          if (algorithm == null) {
            throw badKey("a key of another type (" + type + ")");
          }
          return KeyFactory.getInstance(algorithm)
              .generatePrivate(new PKCS8EncodedKeySpec(found.getEncoded()));
        }
      }
    } catch (IOException | GeneralSecurityException broken) {
      throw badKey(kind(text));
    }
    throw badKey(kind(text));
  }

  private static @Nullable PrivateKeyInfo keyIn(Object read) {
    if (read instanceof PEMKeyPair pair) {
      return pair.getPrivateKeyInfo();
    }
    return read instanceof PrivateKeyInfo info ? info : null;
  }

  private static RuntimeException badKey(String value) {
    return Problem.of(
            Kind.INVALID,
            "certificate.bad-key",
            "This is not a private key without a passphrase",
            value,
            "Give the file in PEM, RSA or EC; take a passphrase off with: openssl pkey -in FILE.")
        .asException();
  }

  /** Its first line, which is no secret where it is a label; nothing else of a key is shown. */
  private static String kind(String text) {
    String first = first(text);
    return first.startsWith("-----BEGIN ") ? first : "no PEM";
  }

  private static String first(String text) {
    return Problem.printable(text.strip().lines().findFirst().orElse("nothing"));
  }

  /** A chain as a file has it. */
  static String write(List<X509Certificate> chain) {
    StringBuilder text = new StringBuilder();
    Base64.Encoder encoder = Base64.getMimeEncoder(LINE, "\n".getBytes(StandardCharsets.US_ASCII));
    try {
      for (X509Certificate one : chain) {
        text.append("-----BEGIN CERTIFICATE-----\n")
            .append(encoder.encodeToString(one.getEncoded()))
            .append("\n-----END CERTIFICATE-----\n");
      }
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("it was read from its encoding", impossible);
    }
    return text.toString();
  }
}
