package dev.paas.base.settings;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Certificates of hosts, and the authority that issues them by itself (ACME, RFC 8555).
 *
 * @param email whom the authority may write to; empty: none is ordered
 * @param directory the authority's directory, a URL
 * @param authority a file in PEM with whom its server's certificate is trusted by; empty for those
 *     of the host
 * @param perWeek orders for hosts that have no certificate yet
 * @param atOnce orders that are under way beside each other
 * @param patience for the authority to look at a host and to issue
 * @param retrySoonest the pause after an order that failed; twice as long each further time
 * @param retryLatest the longest pause
 * @param perApp certificates that people add to one app
 */
public record CertificateSettings(
    String email,
    String directory,
    String authority,
    int perWeek,
    int atOnce,
    Duration patience,
    Duration retrySoonest,
    Duration retryLatest,
    int perApp) {

  public CertificateSettings {
    BadSetting.inOrder(
        "certificates.retry-soonest", retrySoonest, "certificates.retry-latest", retryLatest);
    if (!email.isEmpty() && !email.matches("[^@\\s]+@[^@\\s]+")) {
      throw bad("email", email, "Write it like ops@example.org.");
    }
    if (!directory.matches("https://[!-~]{1,500}")) {
      throw bad("directory", directory, "Write a URL that begins with https://.");
    }
  }

  private static RuntimeException bad(String key, String value, String fix) {
    return BadSetting.of("The setting certificates." + key + " can't have this value", value, fix);
  }

  /** Whether certificates are ordered. */
  public boolean ordersAny() {
    return !email.isEmpty();
  }

  public URI directoryUri() {
    return URI.create(directory);
  }

  /** The file of {@link #authority}. */
  public Path authorityFile() {
    return Path.of(authority);
  }
}
