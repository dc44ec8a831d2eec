package dev.paas.router.table;

/**
 * One host that requests name, with what holds for it alone: which route answers there. Rules of a
 * single host, such as whether it has TLS or where it redirects to, belong here; rules of an app
 * belong to its {@link Route}.
 *
 * @param host in the form of {@link HostName}, possibly with a first label {@code *}
 */
public record Site(String host, Route route) {}
