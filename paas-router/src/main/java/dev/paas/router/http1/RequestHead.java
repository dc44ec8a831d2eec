package dev.paas.router.http1;

/**
 * A request's first line and fields.
 *
 * @param target as it was sent; a character is a byte
 * @param minor 0 for HTTP/1.0, 1 for HTTP/1.1
 */
public record RequestHead(String method, String target, int minor, Fields fields) {}
