package dev.paas.router.tls;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.contract.router.Certificate;
import dev.paas.contract.router.Certificates;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All certificates of one version, immutable. One that can't be used is left out. */
public final class CertificateSet {

  /** Before any was ever received. */
  public static final CertificateSet NONE = new CertificateSet(0, Map.of(), List.of());

  private static final Logger log = LoggerFactory.getLogger(CertificateSet.class);

  /** As many as a status names. */
  private static final int MAX_UNUSABLE = 100;

  private final long version;
  private final Map<Certificate, KeyedCertificate> usable;
  private final List<String> unusable;
  private final Map<String, KeyedCertificate> byHost = new HashMap<>();
  private final Map<String, KeyedCertificate> byId = new HashMap<>();

  private CertificateSet(
      long version, Map<Certificate, KeyedCertificate> usable, List<String> unusable) {
    this.version = version;
    this.usable = usable;
    this.unusable = unusable;
    for (KeyedCertificate certificate : usable.values()) {
      byId.put(certificate.id(), certificate);
      certificate.hosts().forEach(host -> byHost.put(host, certificate));
    }
  }

  /** Refuses what has no version; each certificate is judged by itself later. */
  public static void check(Certificates message) {
    if (message.getVersion() <= 0) {
      throw Problem.of(
              Kind.INVALID,
              "router.invalid-certificates",
              "Certificates need a version above 0",
              "" + message.getVersion(),
              "This is a defect of the control plane: the router keeps showing those before.")
          .asException();
    }
  }

  /** The set of a message. What {@code before} has already is not read again. */
  public static CertificateSet of(Certificates message, CertificateSet before) {
    Map<Certificate, KeyedCertificate> usable = new HashMap<>();
    List<String> unusable = new ArrayList<>();
    for (Certificate described : message.getCertificatesList()) {
      try {
        KeyedCertificate known = before.usable.get(described);
        usable.put(described, known == null ? KeyedCertificate.of(described) : known);
      } catch (GeneralSecurityException | RuntimeException unfit) {
        log.atWarn()
            .addKeyValue("certificate", described.getId())
            .addKeyValue("cause", unfit.toString())
            .log("a certificate can't be used");
        if (unusable.size() < MAX_UNUSABLE) {
          unusable.add(described.getId());
        }
      }
    }
    return new CertificateSet(message.getVersion(), usable, List.copyOf(unusable));
  }

  /** The version that the control plane gave it; 0 for {@link #NONE}. */
  public long version() {
    return version;
  }

  /** How many are shown. */
  public int size() {
    return byId.size();
  }

  /** The ids of those that were left out. */
  public List<String> unusable() {
    return unusable;
  }

  /** The one for a name that a client asks for: its own, or that of the wildcard above it. */
  @Nullable KeyedCertificate of(String host) {
    KeyedCertificate exact = byHost.get(host);
    int dot = host.indexOf('.');
    return exact != null || dot < 0 ? exact : byHost.get("*" + host.substring(dot));
  }

  @Nullable KeyedCertificate withId(String id) {
    return byId.get(id);
  }
}
