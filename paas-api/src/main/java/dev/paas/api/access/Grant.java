package dev.paas.api.access;

/**
 * What a valid token is good for.
 *
 * @param user whose token it is
 * @param scope what of the user's it may do
 */
record Grant(User user, Scope scope) {}
