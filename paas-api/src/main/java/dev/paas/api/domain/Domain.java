package dev.paas.api.domain;

import dev.paas.base.name.AppName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A host that was added to an app.
 *
 * @param proof {@code dns}, {@code txt}, {@code admin}, {@code none} where the platform wants none,
 *     {@code earlier} when it was added before proofs were wanted; null while it is pending
 * @param challenge what a TXT record at {@link #record} must say to prove it
 */
record Domain(String host, AppName app, Instant since, @Nullable String proof, String challenge) {

  boolean proved() {
    return proof != null;
  }

  /** The name of the TXT record. */
  String record() {
    return "_paas-challenge." + host;
  }
}
