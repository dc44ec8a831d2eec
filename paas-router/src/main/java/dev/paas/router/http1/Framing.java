package dev.paas.router.http1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a message's body ends (RFC 9112 §6), decided once from the head. An ambiguous request is
 * refused; {@link #ofResponse} says what apps may send.
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

  /** In chunks. */
  public static final Framing CHUNKED = new Framing(Kind.CHUNKED, 0);

  /** Until the connection ends. */
  public static final Framing UNTIL_CLOSE = new Framing(Kind.UNTIL_CLOSE, 0);

  /** More digits than a long has for certain are no length. */
  private static final int MAX_DIGITS = 18;

  /** Whether any byte of a body may follow the head. */
  public boolean hasBody() {
    return kind != Kind.NONE && !(kind == Kind.FIXED && length == 0);
  }

  /** Adds the field that announces the body to a head. */
  public void addTo(Fields fields) {
    switch (kind) {
      case FIXED -> fields.add("Content-Length", Long.toString(length));
      case CHUNKED -> fields.add("Transfer-Encoding", "chunked");
      case NONE, UNTIL_CLOSE -> {}
    }
  }

  /**
   * The body of a request; a length and a coding together, or anything else that is ambiguous, is
   * refused.
   */
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

  /**
   * The body of the response to {@code method}. Apps say more about it than they have to, and what
   * they say is taken where it can mean one thing only: a coding goes before a length (RFC 9112
   * §6.3), and the same length may be said twice.
   */
  public static Framing ofResponse(ResponseHead head, String method) throws BadMessage {
    Framing framing = declaredByResponse(head.fields());
    if (method.equals("HEAD") || head.interim() || head.status() == 204 || head.status() == 304) {
      return NONE;
    }
    return framing == null ? UNTIL_CLOSE : framing;
  }

  /** Whether a response says in two ways where it ends: what follows it is not relied on. */
  public static boolean saidTwice(ResponseHead head) {
    return head.fields().has("Transfer-Encoding")
        && (head.minor() == 0 || head.fields().has("Content-Length"));
  }

  /** The length that a response without a body says its body would have; null: it says none. */
  public static @Nullable String lengthOf(ResponseHead head) {
    List<String> lengths = head.fields().members("Content-Length");
    return lengths.isEmpty() || head.fields().has("Transfer-Encoding") ? null : lengths.get(0);
  }

  private static @Nullable Framing declaredByResponse(Fields fields) throws BadMessage {
    if (fields.has("Transfer-Encoding")) {
      return chunked(fields.all("Transfer-Encoding"));
    }
    List<String> said = fields.all("Content-Length");
    if (said.isEmpty()) {
      return null;
    }
    if (said.size() == 1 && Chars.isDigits(said.get(0))) {
      return fixed(said.get(0));
    }
    List<String> lengths = fields.members("Content-Length");
    if (lengths.isEmpty()) {
      throw BadMessage.malformed("a Content-Length that is not a number");
    }
    for (String length : lengths) {
      if (!length.equals(lengths.get(0))) {
        throw BadMessage.malformed("more than one Content-Length");
      }
    }
    return fixed(lengths.get(0));
  }

  private static Framing chunked(List<String> codings) throws BadMessage {
    if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
      throw BadMessage.malformed("a Transfer-Encoding other than chunked");
    }
    return CHUNKED;
  }

  private static Framing fixed(String digits) throws BadMessage {
    if (!Chars.isDigits(digits) || digits.length() > MAX_DIGITS) {
      throw BadMessage.malformed("a Content-Length that is not a number");
    }
    return new Framing(Kind.FIXED, Long.parseLong(digits));
  }

  /** What a request's fields say, or null when they say nothing. */
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
      return chunked(codings);
    }
    if (lengths.isEmpty()) {
      return null;
    }
    if (lengths.size() > 1) {
      throw BadMessage.malformed("more than one Content-Length");
    }
    return fixed(lengths.get(0));
  }
}
