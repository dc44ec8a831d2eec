package dev.paas.api.certificate;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a host of an app stands with HTTPS.
 *
 * @param state {@code secure}: a valid certificate is shown; {@code expired}: one that is not valid
 *     any more; {@code pending}: one is kept and not shown yet; {@code ordering}: one is being
 *     ordered; {@code failed}: the last order failed; {@code none}: there is none, and none is
 *     ordered
 * @param certificate its fingerprint
 * @param expiresAt when that is not valid any more
 * @param problem why the last order failed
 * @param nextTry when the next one is made
 */
public record HostState(
    String host,
    String state,
    @Nullable String certificate,
    @Nullable Instant expiresAt,
    @Nullable String problem,
    @Nullable Instant nextTry) {}
