package dev.paas.runtime.solve;

import dev.paas.runtime.content.Sha256;
import java.util.Optional;

/**
 * What a step has come to.
 *
 * @param layer that it adds; empty when it changed nothing
 * @param cached whether it was found instead of run
 */
record StepResult(Optional<Sha256> layer, boolean cached) {

  static final StepResult NOTHING = new StepResult(Optional.empty(), false);
}
