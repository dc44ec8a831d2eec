package dev.paas.api.deploy;

/**
 * What a deployment changes. An app has one deployment of each lane in progress at most, and
 * neither lane waits for the other.
 */
public enum Lane {
  /** How many instances there are. */
  CAPACITY,

  /** Which release they run, or which of them are replaced. */
  RELEASE
}
