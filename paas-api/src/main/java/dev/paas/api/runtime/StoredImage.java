package dev.paas.api.runtime;

import dev.paas.contract.runtime.Image;
import java.time.Instant;
import java.util.List;

/**
 * An image that paas-runtimed has.
 *
 * @param digest of its manifest
 * @param names in full, e.g. {@code docker.io/library/debian:bookworm-slim}
 * @param bytes unpacked
 * @param layers how many it has
 */
public record StoredImage(
    String digest, List<String> names, long bytes, Instant createdAt, int layers) {

  public StoredImage {
    names = List.copyOf(names);
  }

  static StoredImage of(Image sent) {
    return of(sent, sent.getNamesList());
  }

  static StoredImage of(Image sent, List<String> names) {
    return new StoredImage(
        sent.getDigest(),
        names,
        sent.getBytes(),
        Instant.ofEpochMilli(sent.getCreatedAtMillis()),
        sent.getLayersCount());
  }
}
