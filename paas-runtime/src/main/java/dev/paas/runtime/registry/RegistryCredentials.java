package dev.paas.runtime.registry;

/** Credentials of a registry; empty strings: none. */
public record RegistryCredentials(String username, String password) {
  public static final RegistryCredentials NONE = new RegistryCredentials("", "");

  @Override
  public String toString() {
    return username.isEmpty() ? "none" : username + ":***";
  }
}
