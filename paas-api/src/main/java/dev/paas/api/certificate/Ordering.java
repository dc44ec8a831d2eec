package dev.paas.api.certificate;

import dev.paas.base.name.AppName;
import java.time.Instant;
import java.util.Optional;

/** Whoever orders certificates, as far as one that asks how they stand needs to know. */
public interface Ordering {

  /**
   * What became of the last order for a host.
   *
   * @param problem empty when none has failed
   */
  record Last(String problem, Instant nextTry) {}

  /** Whether certificates for this host are ordered at all. */
  boolean orders(String host);

  /** The last order, if there is anything to say of one. */
  Optional<Last> last(AppName app, String host);
}
