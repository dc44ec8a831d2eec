package dev.paas.api.certificate;

import dev.paas.api.route.ShownCertificate;
import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which certificate is shown at which host; pure. */
final class ShownPlan {

  /** Bytes of chains and keys that the router is sent at once; a message is 8 MiB at most. */
  static final int MAX_BYTES = 6 << 20;

  /** What a key takes beside its chain, at most. */
  private static final int KEY_BYTES = 2400;

  /**
   * Those that people gave before those that were issued, those that are valid before others, then
   * those that are valid longest.
   */
  private static final Comparator<AppCertificate> LATEST =
      Comparator.comparing((AppCertificate one) -> one.content().notAfter())
          .thenComparing(AppCertificate::fingerprint);

  private ShownPlan() {}

  /**
   * Each app's certificates at that app's hosts.
   *
   * @param hosts those that an app answers at
   */
  static List<ShownCertificate> of(
      Collection<AppCertificate> certificates, Map<AppName, List<String>> hosts, Instant now) {
    Comparator<AppCertificate> best =
        Comparator.comparing((AppCertificate one) -> one.content().valid(now))
            .thenComparing(one -> !one.issued())
            .thenComparing(LATEST);
    Map<AppName, List<AppCertificate>> byApp = new TreeMap<>();
    certificates.forEach(
        one -> byApp.computeIfAbsent(one.app(), none -> new ArrayList<>()).add(one));
    List<ShownCertificate> shown = new ArrayList<>();
    long bytes = 0;
    for (var app : byApp.entrySet()) {
      Map<AppCertificate, List<String>> chosen = new HashMap<>();
      for (String host : hosts.getOrDefault(app.getKey(), List.of())) {
        app.getValue().stream()
            .filter(one -> one.content().covers(host))
            .max(best)
            .ifPresent(one -> chosen.computeIfAbsent(one, none -> new ArrayList<>()).add(host));
      }
      for (var one : chosen.entrySet()) {
        bytes += size(one.getKey().content());
        if (bytes > MAX_BYTES) {
          return shown;
        }
        KeyedChain content = one.getKey().content();
        shown.add(
            new ShownCertificate(
                content.fingerprint(), one.getValue(), content.chain(), content.key()));
      }
    }
    return shown;
  }

  private static int size(KeyedChain content) {
    // In PEM, a third more than what is sent: on the safe side.
    return KEY_BYTES + Pem.write(content.chain()).length();
  }
}
