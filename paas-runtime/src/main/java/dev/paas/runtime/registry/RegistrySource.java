package dev.paas.runtime.registry;

/**
 * Who wants an image from a registry, and what that opens.
 *
 * @param privateAddresses whether the registry may be on this host or in its own network
 * @param maxBytes what the image may unpack to
 */
public record RegistrySource(
    RegistryCredentials credentials, boolean privateAddresses, long maxBytes) {

  /** For whoever may have all the room there is. */
  public RegistrySource(RegistryCredentials credentials, boolean privateAddresses) {
    this(credentials, privateAddresses, Long.MAX_VALUE);
  }
}
