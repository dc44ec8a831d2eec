package dev.paas.runtime.registry;

/**
 * Who deals with a registry, and what that opens.
 *
 * @param maxBytes what an image from it may unpack to
 */
public record RegistrySource(RegistryCredentials credentials, RegistryReach reach, long maxBytes) {

  /** For whoever may have all the room there is. */
  public RegistrySource(RegistryCredentials credentials, RegistryReach reach) {
    this(credentials, reach, Long.MAX_VALUE);
  }
}
