package dev.paas.api.runtime;

import dev.paas.contract.runtime.Image;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * An image that paas-runtimed has.
 *
 * @param digest of its manifest
 * @param names in full, e.g. {@code docker.io/library/debian:bookworm-slim}
 * @param bytes unpacked
 * @param layers how many it has
 * @param given names that the call gave it, each with the digest of the image that it led to until
 *     then; empty for none
 */
public record StoredImage(
    String digest,
    List<String> names,
    long bytes,
    Instant createdAt,
    int layers,
    Map<String, String> given) {

  public StoredImage {
    given = Map.copyOf(given);
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
        sent.getLayersCount(),
        sent.getGivenList().stream()
            .collect(
                Collectors.toMap(
                    Image.Given::getName, Image.Given::getBefore, (first, later) -> first)));
  }
}
