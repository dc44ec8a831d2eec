package dev.paas.router.proxy;

import dev.paas.router.http1.Fields;
import dev.paas.router.http1.ResponseHead;
import io.netty.buffer.ByteBufUtil;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * The router's own answer: of a failure the status, the code and one sentence, as a page for
 * browsers and a line for everyone else, which hold nothing that the client sent; or what a site
 * says for its app.
 *
 * @param body empty in answer to a HEAD
 */
public record Page(ResponseHead head, String body) {

  /** As HTTP writes a date (RFC 9110 §5.6.7). */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);

  /** A text. */
  static Page text(String text, String requestId, Instant now, boolean head) {
    Fields fields =
        own("text/plain; charset=utf-8", text, requestId, now).add("Cache-Control", "no-store");
    return new Page(new ResponseHead(200, "OK", 1, fields), head ? "" : text);
  }

  /** The way to the same place by another scheme, with the same method (RFC 9110 §15.4.9). */
  static Page redirect(String location, String requestId, Instant now) {
    Fields fields =
        own("text/plain; charset=utf-8", "", requestId, now)
            .add("Location", location)
            // It holds for as long as there is a certificate, which no cache knows.
            .add("Cache-Control", "no-store");
    return new Page(new ResponseHead(308, "Permanent Redirect", 1, fields), "");
  }

  private static Fields own(String type, String body, String requestId, Instant now) {
    return new Fields()
        .add("Date", DATE.format(now))
        .add("Content-Type", type)
        .add("Content-Length", Integer.toString(ByteBufUtil.utf8Bytes(body)))
        .add("X-Request-Id", requestId);
  }

  /** The answer to one request that failed. */
  public static Page of(Failure failure, String requestId, Instant now, Asked asked) {
    String body = asked.html ? html(failure, requestId) : text(failure, requestId);
    String type = asked.html ? "text/html; charset=utf-8" : "text/plain; charset=utf-8";
    Fields fields =
        own(type, body, requestId, now)
            .add("Cache-Control", "no-store")
            .add("X-Paas-Error", failure.code());
    if (failure.status() == 503) {
      fields.add("Retry-After", "5");
    }
    ResponseHead head = new ResponseHead(failure.status(), failure.reason(), 1, fields);
    return new Page(head, asked.head ? "" : body);
  }

  /** Bytes of the body. */
  public int contentBytes() {
    return ByteBufUtil.utf8Bytes(body);
  }

  private static String text(Failure failure, String requestId) {
    return failure.code() + ": " + failure.what() + "\nrequest: " + requestId + "\n";
  }

  private static String html(Failure failure, String requestId) {
    return """
        <!doctype html>
        <html lang="en"><meta charset="utf-8"><title>%1$d %2$s</title>
        <style>body{font:16px/1.5 system-ui,sans-serif;max-width:34em;margin:15vh auto;padding:0 1em}
        code{background:#8882;padding:.1em .3em}</style>
        <h1>%1$d %2$s</h1>
        <p>%3$s</p>
        <p><code>%4$s</code> &middot; request <code>%5$s</code></p>
        </html>
        """
        .formatted(failure.status(), failure.reason(), failure.what(), failure.code(), requestId);
  }

  /**
   * What the request asked for.
   *
   * @param html the client accepts HTML
   * @param head it was a HEAD request: no body
   */
  public record Asked(boolean html, boolean head) {
    /** Nobody knows. */
    public static final Asked UNKNOWN = new Asked(false, false);
  }
}
