package dev.paas.runtime.oci;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The host's AppArmor, where it has one and somebody has loaded the profile of containers. */
public final class AppArmor {

  private static final Path PROFILES = Path.of("/sys/kernel/security/apparmor/profiles");

  /** As {@code bin/install} loads it. */
  private static final String PROFILE = "paas-instance";

  private AppArmor() {}

  /** Whether the host has it at all. */
  public static boolean present() {
    return Files.exists(PROFILES);
  }

  /** The profile for processes of containers, if it is in force. */
  public static Optional<String> profile() throws IOException {
    return present() ? profile(Files.readString(PROFILES)) : Optional.empty();
  }

  static Optional<String> profile(String loaded) {
    return loaded.lines().anyMatch((PROFILE + " (enforce)")::equals)
        ? Optional.of(PROFILE)
        : Optional.empty();
  }
}
