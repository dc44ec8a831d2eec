package dev.paas.api.identity;

/**
 * What a valid token is good for.
 *
 * @param user whose token it is
 * @param scope what of the user's it may do
 * @param credential what the audit calls it; not secret
 * @param address where the user is, when that is not where the request comes from; else empty
 */
public record Grant(User user, Scope scope, String credential, String address) {}
