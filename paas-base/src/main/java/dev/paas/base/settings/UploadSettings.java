package dev.paas.base.settings;

import java.time.Duration;

/**
 * Deploys without git.
 *
 * @param readAtOnce archives that are read at once, one of each user
 * @param followed deploys whose client is told what becomes of them, at once
 * @param followedOfUser how many of these one user may have
 * @param timeout for a client to send its archive
 * @param stalled how long a client may leave unread what it is told; then it counts as gone
 */
public record UploadSettings(
    int readAtOnce,
    int followed,
    int followedOfUser,
    Duration timeout,
    @AtLeast("1s") Duration stalled) {}
