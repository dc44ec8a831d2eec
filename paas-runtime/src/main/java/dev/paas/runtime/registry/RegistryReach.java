package dev.paas.runtime.registry;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Which hosts with a private address somebody may reach.
 *
 * @param named whether the registry that the image's name has may be one
 * @param allowedHosts that always may be: {@code host} or {@code host:port}
 */
public record RegistryReach(boolean named, List<String> allowedHosts) {

  /** Registries with a public address alone. */
  public static final RegistryReach PUBLIC = new RegistryReach(false, List.of());

  public RegistryReach {
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** The same for somebody who may name a registry in the host's own network. */
  public RegistryReach ofAdmin() {
    return new RegistryReach(true, allowedHosts);
  }

  /** Whether the host is one of those that may have any address. */
  boolean allows(URI uri) {
    String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
    int port = uri.getPort() < 0 ? (isPlain(uri) ? 80 : 443) : uri.getPort();
    return allowedHosts.contains(host) || allowedHosts.contains(host + ":" + port);
  }

  private static boolean isPlain(URI uri) {
    return "http".equals(uri.getScheme());
  }
}
