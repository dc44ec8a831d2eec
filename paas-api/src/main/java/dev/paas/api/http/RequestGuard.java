package dev.paas.api.http;

import dev.paas.base.problem.Problem;
import dev.paas.base.problem.Problem.Kind;
import dev.paas.base.settings.PlatformSettings;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Stands before everything: gives each request an id, and refuses what a web page in somebody's
 * browser could send. A foreign Host is DNS rebinding, a foreign Origin on a write is request
 * forgery; the platform has no cookies and no CORS, so neither has a legitimate use.
 */
@Singleton
class RequestGuard {

  static final String REQUEST_ID = "X-Request-Id";

  private static final int BEFORE_ALL = 10_000;
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

  private final Set<String> hosts;

  RequestGuard(PlatformSettings settings) {
    this.hosts =
        Set.of(
            "127.0.0.1",
            "localhost",
            "[::1]",
            "api." + settings.platform().domain().toLowerCase(Locale.ROOT));
  }

  void register(@Observes Filters filters) {
    filters.register(this::guard, BEFORE_ALL);
  }

  private void guard(RoutingContext context) {
    boundUnread(context);
    String given = context.request().getHeader(REQUEST_ID);
    String id = given != null && ID.matcher(given).matches() ? given : UUID.randomUUID().toString();
    context.request().headers().set(REQUEST_ID, id);
    context.response().putHeader(REQUEST_ID, id);
    // A WebSocket begins as a read, and is none: browsers open them across origins.
    boolean upgrades = context.request().getHeader("Upgrade") != null;
    Problem refusal =
        refusal(
            upgrades ? "UPGRADE" : context.request().method().name(),
            host(context.request()),
            context.request().getHeader("Origin"),
            context.request().getHeader("Sec-Fetch-Site"));
    if (refusal == null) {
      context.next();
      return;
    }
    RoutedProblem.answer(context, refusal);
  }

  /**
   * Ends a connection whose body goes on after the answer: nobody reads it, and it would be kept in
   * the heap. A stream of HTTP/2 is bounded by its window (RFC 9113 §5.2).
   */
  private static void boundUnread(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (request.version() == HttpVersion.HTTP_2) {
      return;
    }
    context.addHeadersEndHandler(
        answering -> {
          if (isUnread(request)) {
            request.response().putHeader("Connection", "close");
          }
        });
    context.addEndHandler(
        answered -> {
          if (isUnread(request)) {
            var unused = request.connection().close();
          }
        });
  }

  private static boolean isUnread(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    boolean whole = length == null || request.bytesRead() >= Long.parseLong(length);
    return !request.isEnded() && (request.getHeader("Transfer-Encoding") != null || !whole);
  }

  /** HTTP/2 has the host in a field of its own (RFC 9113 §8.3.1). */
  private static @Nullable String host(HttpServerRequest request) {
    String named = request.getHeader("Host");
    boolean elsewhere =
        named == null && request.version() == HttpVersion.HTTP_2 && request.authority() != null;
    return elsewhere ? request.authority().toString() : named;
  }

  @Nullable Problem refusal(
      String method, @Nullable String host, @Nullable String origin, @Nullable String fetchSite) {
    if (host == null || !hosts.contains(name(host))) {
      return Problem.of(
          Kind.FORBIDDEN,
          "http.foreign-host",
          "The API does not answer under this host name",
          host == null ? "" : host,
          "Use 127.0.0.1, localhost or api.<domain>.");
    }
    boolean foreign =
        (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host))
            || "cross-site".equals(fetchSite);
    if (foreign && !READS.contains(method)) {
      return Problem.of(
          Kind.FORBIDDEN,
          "http.foreign-origin",
          "A web page of another origin may not change anything here",
          origin == null ? "" : origin,
          "Use the paas command or a client that sends no Origin.");
    }
    return null;
  }

  /** The host without its port, in lower case. */
  private static String name(String host) {
    int colon = host.lastIndexOf(':');
    boolean port = colon >= 0 && host.indexOf(']', colon) < 0;
    return (port ? host.substring(0, colon) : host).toLowerCase(Locale.ROOT);
  }
}
