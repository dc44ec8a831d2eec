package dev.paas.api.route;

import com.google.protobuf.ByteString;
import dev.paas.contract.router.Certificate;
import dev.paas.contract.router.Certificates;
import dev.paas.contract.router.RouterStatus;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All certificates that the router shows: told as a whole, sent when they differ from before. */
@ApplicationScoped
public class ShownCertificates {

  private static final Logger LOG = LoggerFactory.getLogger(ShownCertificates.class);

  private final Routes routes;
  private final Generations generations;

  private @Nullable Certificates published;

  ShownCertificates(Routes routes, Generations generations) {
    this.routes = routes;
    this.generations = generations;
  }

  /** The router shows these, and no others. */
  public synchronized void show(List<ShownCertificate> certificates) {
    long applied = applied();
    Certificates before = published;
    Certificates.Builder now = Certificates.newBuilder();
    certificates.stream()
        .sorted(Comparator.comparing(ShownCertificate::id))
        .forEach(one -> now.addCertificates(message(one)));
    if (before != null
        // A router that is ahead has what was sent before a backup was restored.
        && applied <= before.getVersion()
        && now.setVersion(before.getVersion()).build().equals(before)) {
      return;
    }
    long version =
        generations.nextCertificates(Math.max(applied, before == null ? 0 : before.getVersion()));
    Certificates sent = now.setVersion(version).build();
    published = sent;
    routes.send(sent);
    LOG.atInfo()
        .addKeyValue("version", version)
        .addKeyValue("certificates", sent.getCertificatesCount())
        .log("certificates published");
  }

  private static Certificate message(ShownCertificate one) {
    Certificate.Builder message =
        Certificate.newBuilder()
            .setId(one.id())
            .addAllHosts(one.hosts())
            .setKey(ByteString.copyFrom(one.key().getEncoded()));
    try {
      for (X509Certificate part : one.chain()) {
        message.addChain(ByteString.copyFrom(part.getEncoded()));
      }
    } catch (CertificateEncodingException impossible) {
      throw new IllegalStateException("it was read from its encoding", impossible);
    }
    return message.build();
  }

  private long applied() {
    RouterStatus status = routes.status();
    return status == null ? 0 : status.getCertificates();
  }

  /** Those of the published that the router shows at this moment. */
  public synchronized Set<String> acknowledged() {
    RouterStatus status = routes.status();
    Certificates sent = published;
    Set<String> shown = new HashSet<>();
    if (sent != null && status != null && status.getCertificates() == sent.getVersion()) {
      sent.getCertificatesList().forEach(one -> shown.add(one.getId()));
      status.getUnusableList().forEach(shown::remove);
    }
    return shown;
  }

  /** Whether the router says that it can't use this one. */
  public synchronized boolean refused(String id) {
    RouterStatus status = routes.status();
    return status != null && status.getUnusableList().contains(id);
  }
}
