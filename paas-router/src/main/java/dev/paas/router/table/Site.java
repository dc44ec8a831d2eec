package dev.paas.router.table;

/**
 * What holds for one host that requests name: which route answers there. Rules of a single host,
 * such as whether it has TLS or where it redirects to, belong here; rules of an app belong to its
 * {@link Route}.
 */
public record Site(Route route) {}
