package dev.paas.runtime.solve;

import dev.paas.runtime.content.Sha256;
import java.util.Optional;

/**
 * A step that was run before.
 *
 * @param layer that it made; empty when it changed nothing
 */
record CacheHit(Optional<Sha256> layer) {}
