package dev.paas.router.tls;

import com.google.protobuf.ByteString;
import dev.paas.contract.router.Certificate;
import dev.paas.router.table.HostName;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A certificate as a handshake needs it.
 *
 * @param id its fingerprint, or {@code ""} for the one that the router made itself
 * @param chain the leaf first
 */
record KeyedCertificate(
    String id, List<String> hosts, List<X509Certificate> chain, PrivateKey key) {

  /** Key types that every client can do, by the names that {@link PublicKey#getAlgorithm} has. */
  private static final Set<String> ALGORITHMS = Set.of("RSA", "EC");

  /** More certificates than a chain has, with the leaf. */
  private static final int MAX_CHAIN = 10;

  private static final byte[] SIGNED = {'p', 'a', 'a', 's'};

  KeyedCertificate {
    hosts = List.copyOf(hosts);
    chain = List.copyOf(chain);
  }

  /**
   * Reads what the control plane sent.
   *
   * @throws GeneralSecurityException it can't be shown to anybody
   */
  static KeyedCertificate of(Certificate described) throws GeneralSecurityException {
    if (described.getChainCount() == 0 || described.getChainCount() > MAX_CHAIN) {
      throw new CertificateException("a chain of " + described.getChainCount());
    }
    if (!described.getHostsList().stream().allMatch(HostName::isRoutable)) {
      throw new CertificateException("a host is not a lower-case name");
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    for (ByteString part : described.getChainList()) {
      chain.add((X509Certificate) factory.generateCertificate(part.newInput()));
    }
    PublicKey shown = chain.get(0).getPublicKey();
    if (!ALGORITHMS.contains(shown.getAlgorithm())) {
      throw new CertificateException("a key of type " + shown.getAlgorithm());
    }
    PrivateKey key =
        KeyFactory.getInstance(shown.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(described.getKey().toByteArray()));
    requirePair(shown, key);
    return new KeyedCertificate(described.getId(), described.getHostsList(), chain, key);
  }

  private static void requirePair(PublicKey shown, PrivateKey key) throws GeneralSecurityException {
    String algorithm = shown.getAlgorithm().equals("EC") ? "SHA256withECDSA" : "SHA256withRSA";
    Signature signature = Signature.getInstance(algorithm);
    signature.initSign(key);
    signature.update(SIGNED);
    byte[] signed = signature.sign();
    signature.initVerify(shown);
    signature.update(SIGNED);
    if (!signature.verify(signed)) {
      throw new CertificateException("the key is another certificate's");
    }
  }

  /** The key's type, as handshakes ask for it: {@code RSA} or {@code EC}. */
  String algorithm() {
    return chain.get(0).getPublicKey().getAlgorithm();
  }

  X509Certificate[] chainArray() {
    return chain.toArray(X509Certificate[]::new);
  }
}
