package dev.paas.api.quota;

/** How much of something a user takes; implemented where the thing is. */
public interface QuotaUse {

  Quota of();

  /** What the user of this name takes now. */
  long used(String user);
}
