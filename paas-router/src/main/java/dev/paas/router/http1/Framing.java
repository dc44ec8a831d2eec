package dev.paas.router.http1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a message's body ends (RFC 9112 §6), decided once from the head, without doubt.
 *
 * @param length bytes of a {@link Kind#FIXED} body, otherwise 0
 */
public record Framing(Kind kind, long length) {

  /** The four ways a body can end. */
  public enum Kind {
    /** There is none. */
    NONE,
    /** After {@code Content-Length} bytes. */
    FIXED,
    /** After the last chunk and its trailers. */
    CHUNKED,
    /** With the connection; responses only. */
    UNTIL_CLOSE
  }

  /** No body. */
  public static final Framing NONE = new Framing(Kind.NONE, 0);

  private static final Framing CHUNKED = new Framing(Kind.CHUNKED, 0);
  private static final Framing UNTIL_CLOSE = new Framing(Kind.UNTIL_CLOSE, 0);

  /** More digits than a long has for certain are no length. */
  private static final int MAX_DIGITS = 18;

  /** Whether any byte of a body may follow the head. */
  public boolean hasBody() {
    return kind != Kind.NONE && !(kind == Kind.FIXED && length == 0);
  }

  /** The body of a request; a length and a coding together, or any other doubt, is refused. */
  public static Framing ofRequest(RequestHead head) throws BadMessage {
    Framing framing = declared(head.fields(), head.minor());
    if (framing == null) {
      return NONE;
    }
    boolean bodyless = head.method().equals("GET") || head.method().equals("HEAD");
    if (head.minor() == 0 && bodyless && framing.length > 0) {
      throw BadMessage.malformed("an HTTP/1.0 " + head.method() + " with a body");
    }
    return framing;
  }

  /** The body of the response to {@code method}. */
  public static Framing ofResponse(ResponseHead head, String method) throws BadMessage {
    Framing framing = declared(head.fields(), head.minor());
    if (method.equals("HEAD") || head.interim() || head.status() == 204 || head.status() == 304) {
      return NONE;
    }
    return framing == null ? UNTIL_CLOSE : framing;
  }

  /** What the fields say, or null when they say nothing. */
  private static @Nullable Framing declared(Fields fields, int minor) throws BadMessage {
    List<String> codings = fields.all("Transfer-Encoding");
    List<String> lengths = fields.all("Content-Length");
    if (!codings.isEmpty()) {
      if (minor == 0) {
        throw BadMessage.malformed("Transfer-Encoding in HTTP/1.0");
      }
      if (!lengths.isEmpty()) {
        throw BadMessage.malformed("Content-Length and Transfer-Encoding together");
      }
      if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
        throw BadMessage.malformed("a Transfer-Encoding other than chunked");
      }
      return CHUNKED;
    }
    if (lengths.isEmpty()) {
      return null;
    }
    String digits = lengths.get(0);
    if (lengths.size() > 1) {
      throw BadMessage.malformed("more than one Content-Length");
    }
    if (!Chars.isDigits(digits) || digits.length() > MAX_DIGITS) {
      throw BadMessage.malformed("a Content-Length that is not a number");
    }
    return new Framing(Kind.FIXED, Long.parseLong(digits));
  }
}
