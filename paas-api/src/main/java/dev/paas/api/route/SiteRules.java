package dev.paas.api.route;

import java.util.Map;

/**
 * What the router says itself at one host.
 *
 * @param challenges by their tokens, what an authority is to read there
 * @param secure plain HTTP is sent to HTTPS, but for challenges
 */
public record SiteRules(Map<String, String> challenges, boolean secure) {

  /** Nothing. */
  static final SiteRules NONE = new SiteRules(Map.of(), false);

  public SiteRules {
    challenges = Map.copyOf(challenges);
  }
}
