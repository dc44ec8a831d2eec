package dev.paas.api.route;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A certificate that the router is to show.
 *
 * @param id its fingerprint
 * @param hosts where, each in one certificate only
 * @param chain the leaf first
 */
public record ShownCertificate(
    String id, List<String> hosts, List<X509Certificate> chain, PrivateKey key) {

  public ShownCertificate {
    hosts = hosts.stream().sorted().toList();
    chain = List.copyOf(chain);
  }
}
