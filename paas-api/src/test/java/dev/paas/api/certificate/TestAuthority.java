package dev.paas.api.certificate;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Somebody who issues certificates of any kind. */
final class TestAuthority {

  static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant TO = Instant.parse("2049-01-01T00:00:00Z");

  private static final AtomicLong SERIALS = new AtomicLong(1);

  private final KeyPair key;
  private final X509Certificate certificate;

  private TestAuthority(KeyPair key, X509Certificate certificate) {
    this.key = key;
    this.certificate = certificate;
  }

  /** One that vouches for itself. */
  static TestAuthority named(String name) {
    KeyPair own = ec("secp256r1");
    X500Principal subject = new X500Principal("CN=" + name);
    return new TestAuthority(
        own, certificate(subject, own.getPrivate(), subject, own, FROM, TO, true));
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** The chain of a host, with a fresh key on P-256. */
  KeyedChain issue(String... names) {
    return issue(ec("secp256r1"), FROM, TO, names);
  }

  KeyedChain issue(KeyPair subject, Instant from, Instant to, String... names) {
    X509Certificate leaf =
        certificate(
            certificate.getSubjectX500Principal(),
            key.getPrivate(),
            new X500Principal(""),
            subject,
            from,
            to,
            false,
            names);
    return new KeyedChain(List.of(leaf, certificate), subject.getPrivate());
  }

  static KeyPair ec(String curve) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static KeyPair rsa(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** As OpenSSL writes a key: PKCS #1 or SEC 1, the latter with its curve. */
  static String pem(PrivateKey key) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(key instanceof ECPrivateKey ec ? sec1(ec) : key);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private static PemObject sec1(ECPrivateKey key) throws IOException {
    PrivateKeyInfo info = PrivateKeyInfo.getInstance(key.getEncoded());
    return new PemObject(
        "EC PRIVATE KEY",
        new org.bouncycastle.asn1.sec.ECPrivateKey(
                key.getParams().getOrder().bitLength(),
                key.getS(),
                info.getPrivateKeyAlgorithm().getParameters())
            .getEncoded());
  }

  private static X509Certificate certificate(
      X500Principal issuer,
      PrivateKey by,
      X500Principal subject,
      KeyPair of,
      Instant from,
      Instant to,
      boolean authority,
      String... names) {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            issuer,
            BigInteger.valueOf(SERIALS.getAndIncrement()),
            Date.from(from),
            Date.from(to),
            subject,
            of.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
      if (names.length > 0) {
        builder.addExtension(
            Extension.subjectAlternativeName,
            true,
            new GeneralNames(
                Arrays.stream(names)
                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                    .toArray(GeneralName[]::new)));
      }
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder(
                          by.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA")
                      .build(by)));
    } catch (IOException | OperatorCreationException | GeneralSecurityException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
