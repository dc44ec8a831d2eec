package dev.paas.router.table;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What holds for one host that requests name: which route answers there, and what the router says
 * there itself. Rules of an app belong to its {@link Route}.
 *
 * @param challenges by their tokens, what a certificate authority is to read there (RFC 8555 §8.3)
 * @param securePort where a request by plain HTTP is sent to come by TLS; 0: it is answered
 */
public record Site(Route route, Map<String, String> challenges, int securePort) {

  /** Where certificate authorities look. */
  private static final String CHALLENGES = "/.well-known/acme-challenge/";

  private static final int HTTPS = 443;

  public Site {
    challenges = Map.copyOf(challenges);
  }

  /** Whether a certificate authority looks there, whatever it finds. */
  public static boolean isChallenge(String target) {
    return target.startsWith(CHALLENGES);
  }

  /** What it is to find there, if the platform knows; else it may be the app's own. */
  public @Nullable String challenge(String target) {
    return challenges.isEmpty() ? null : challenges.get(target.substring(CHALLENGES.length()));
  }

  /**
   * The same place by TLS.
   *
   * @param host in the form of {@link HostName}
   * @param target in origin form
   */
  public String secure(String host, String target) {
    return "https://" + host + (securePort == HTTPS ? "" : ":" + securePort) + target;
  }
}
