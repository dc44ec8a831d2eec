package dev.paas.api.push;

import dev.paas.api.build.BuildId;

/**
 * A push that the platform has taken on.
 *
 * @param id the app and the number of the push, which is also its build's
 * @param oldCommit what the branch pointed to; it moves only from there
 */
record AcceptedPush(
    BuildId id, String user, String branch, String oldCommit, String commit, PushState state) {}
