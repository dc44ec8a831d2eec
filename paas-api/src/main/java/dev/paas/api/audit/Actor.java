package dev.paas.api.audit;

import dev.paas.gitreceiver.Identity;

/**
 * Who acts, and how they proved to be that.
 *
 * @param user the name; empty for somebody whom nobody knows
 * @param credential {@code token paas_…} or {@code key SHA256:…}, nothing of it secret
 * @param address where the request came from
 */
public record Actor(String user, String credential, String address) {

  /** What the platform does by itself, e.g. the first admin at the first start. */
  public static final Actor PLATFORM = new Actor("", "platform", "");

  /** Whoever has come over SSH with a key. */
  public static Actor of(Identity identity) {
    return new Actor(identity.user(), "key " + identity.keyFingerprint(), identity.address());
  }
}
