package dev.paas.router.http1;

/**
 * A message that the peer must not have sent: whatever it meant, another parser could read it
 * differently. The connection it came on is not used again.
 */
public final class BadMessage extends Exception {

  private static final long serialVersionUID = 1L;

  /** What a server answers to it. */
  public enum Kind {
    /** 400: not HTTP/1.1 as RFC 9112 writes it. */
    MALFORMED,
    /** 414: the request line passes {@link Limits#maxLine()}. */
    LINE_TOO_LONG,
    /** 431: the head passes {@link Limits#maxHead()} or {@link Limits#maxFields()}. */
    HEAD_TOO_LARGE,
    /** 505: a version other than 1.0 and 1.1. */
    VERSION,
    /** 417: an expectation other than {@code 100-continue}. */
    EXPECTATION,
    /** 405: a method that a proxy in front of apps does not relay. */
    METHOD
  }

  private final Kind kind;

  public BadMessage(Kind kind, String what) {
    // Without a stack trace: clients cause these, and the sentence says all.
    super(what, null, false, false);
    this.kind = kind;
  }

  static BadMessage malformed(String what) {
    return new BadMessage(Kind.MALFORMED, what);
  }

  public Kind kind() {
    return kind;
  }

  /** A short sentence without any of the peer's bytes. */
  public String what() {
    return String.valueOf(getMessage());
  }
}
