package dev.paas.api.build;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make an image of a commit.
 *
 * @param named whether its image still has its name in the runtime's store
 * @param recipe what it is or was made with
 */
public record Build(
    BuildId id,
    String commit,
    BuildState state,
    boolean named,
    Recipe recipe,
    Instant createdAt,
    @Nullable Instant finishedAt) {}
