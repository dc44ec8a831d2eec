package dev.paas.base.settings;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Hosts that people add to apps.
 *
 * @param proof {@code dns}: a host is served when its DNS points here or has the challenge in a TXT
 *     record, or an admin says so; {@code none}: at once
 * @param resolver address and port of the name server to ask; empty for the host's own
 * @param addresses that count as here; when there are none, those of the host's interfaces
 * @param lookupTimeout for one question
 * @param maxPending hosts of an app that are not proved
 * @param checksAtOnce hosts that are looked at beside each other
 * @param checkSoonest the pause between two looks at a host that was claimed just now
 * @param checkLatest the longest pause between two looks
 */
public record DomainSettings(
    String proof,
    String resolver,
    List<String> addresses,
    Duration lookupTimeout,
    int maxPending,
    int checksAtOnce,
    Duration checkSoonest,
    Duration checkLatest) {
  private static final Pattern ADDRESS =
      Pattern.compile("[0-9]+(\\.[0-9]+){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  private static final Pattern RESOLVER =
      Pattern.compile("|([0-9]+(\\.[0-9]+){3}|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}");

  public DomainSettings {
    addresses = List.copyOf(addresses);
    BadSetting.inOrder("domains.check-soonest", checkSoonest, "domains.check-latest", checkLatest);
    if (!RESOLVER.matcher(resolver).matches()) {
      throw bad("resolver", resolver, "Write it like 192.0.2.53:53 or [2001:db8::53]:53.");
    }
    if (!proof.equals("dns") && !proof.equals("none")) {
      throw bad("proof", proof, "Use dns or none.");
    }
    for (String address : addresses) {
      if (!ADDRESS.matcher(address).matches()) {
        throw bad("addresses", address, "Write addresses like 192.0.2.10 or 2001:db8::10.");
      }
    }
  }

  private static RuntimeException bad(String key, String value, String fix) {
    return BadSetting.of("The setting domains." + key + " can't have this value", value, fix);
  }

  public boolean wantsProof() {
    return proof.equals("dns");
  }
}
