package dev.paas.cli.http;

import org.jspecify.annotations.Nullable;

/**
 * Where the platform's API is and who calls it.
 *
 * @param url e.g. {@code http://127.0.0.1:7410}
 * @param token {@code paas_…}, or null for what needs none
 */
public record Endpoint(String url, @Nullable String token) {

  /** Where paasd listens when nobody says otherwise. */
  public static final String DEFAULT_URL = "http://127.0.0.1:7410";

  public Endpoint {
    if (url.endsWith("/")) {
      url = url.substring(0, url.length() - 1);
    }
  }

  @Override
  public String toString() {
    return url;
  }
}
