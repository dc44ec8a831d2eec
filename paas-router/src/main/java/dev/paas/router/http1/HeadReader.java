package dev.paas.router.http1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads one head after another from the bytes of a connection. Lines end in CRLF and in nothing
 * else; folded lines, blanks before a colon and control characters are refused (RFC 9112 §2–5).
 * Call {@link #complete} whenever bytes came, then take the head.
 */
public final class HeadReader {

  /** Empty lines that are skipped before a request (RFC 9112 §2.2 asks for at least one). */
  private static final int MAX_EMPTY_LINES = 2;

  private static final int METHOD_LENGTH = 32;

  private final Limits limits;
  private final boolean requests;

  private static final int[] NONE = {};

  private static final int FIRST_LINES = 16;

  /**
   * The ends of the lines found so far, relative to the head's start, at their CR. Let go of with
   * each head: most connections wait longer than they are read.
   */
  private int[] lineEnds = NONE;

  private int lines;
  private int scanned;
  private int emptyLines;

  private HeadReader(Limits limits, boolean requests) {
    this.limits = limits;
    this.requests = requests;
  }

  public static HeadReader ofRequests(Limits limits) {
    return new HeadReader(limits, true);
  }

  public static HeadReader ofResponses(Limits limits) {
    return new HeadReader(limits, false);
  }

  /** Whether {@code in} begins with a whole head. Consumes nothing but empty lines before it. */
  public boolean complete(ByteBuf in) throws BadMessage {
    while (true) {
      int start = in.readerIndex();
      if (scanned == 0 && lines == 0 && in.isReadable()) {
        firstByte(in.getByte(start));
      }
      int searchable = Math.min(in.readableBytes(), limits.maxHead()) - scanned;
      int from = start + scanned;
      int feed = searchable <= 0 ? -1 : in.indexOf(from, from + searchable, (byte) '\n');
      if (feed < 0) {
        scanned = Math.max(scanned, Math.min(in.readableBytes(), limits.maxHead()));
        checkLengths();
        return false;
      }
      int end = feed - start - 1;
      if (end < 0 || in.getByte(feed - 1) != '\r') {
        throw BadMessage.malformed("a line ends in LF without CR");
      }
      scanned = end + 2;
      if (end == 0) {
        in.skipBytes(2);
        scanned = 0;
        if (!requests || ++emptyLines > MAX_EMPTY_LINES) {
          throw BadMessage.malformed("empty lines before the first line");
        }
      } else if (lines > 0 && end == lineStart(lines)) {
        return true;
      } else {
        addLine(end);
        checkLengths();
        if (lines > limits.maxFields() + 1) {
          throw new BadMessage(BadMessage.Kind.HEAD_TOO_LARGE, "too many fields");
        }
      }
    }
  }

  /** Takes the request that {@link #complete} found. */
  public RequestHead takeRequest(ByteBuf in) throws BadMessage {
    String head = text(in);
    int lineEnd = lineEnds[0];
    int first = head.indexOf(' ');
    int last = head.lastIndexOf(' ', lineEnd - 1);
    if (first < 0 || first >= lineEnd || last == first) {
      throw BadMessage.malformed("the request line has not three parts");
    }
    if (first > METHOD_LENGTH || !Chars.isToken(head, 0, first)) {
      throw BadMessage.malformed("the method is not a token");
    }
    int minor = minor(head, last + 1, lineEnd);
    for (int i = first + 1; i < last; i++) {
      char c = head.charAt(i);
      if (c <= ' ' || c == 0x7f || c == '#') {
        throw BadMessage.malformed("the request target has a character that it can't have");
      }
    }
    RequestHead request =
        new RequestHead(
            head.substring(0, first), head.substring(first + 1, last), minor, fields(head));
    reset();
    return request;
  }

  /** Takes the response that {@link #complete} found. */
  public ResponseHead takeResponse(ByteBuf in) throws BadMessage {
    String head = text(in);
    int lineEnd = lineEnds[0];
    int space = head.indexOf(' ');
    if (space < 0 || space + 4 > lineEnd) {
      throw BadMessage.malformed("the status line has no status");
    }
    int minor = minor(head, 0, space);
    String status = head.substring(space + 1, space + 4);
    boolean alone = space + 4 == lineEnd;
    if (!Chars.isDigits(status)
        || status.charAt(0) == '0'
        || !(alone || head.charAt(space + 4) == ' ')) {
      throw BadMessage.malformed("the status is not three digits");
    }
    String reason = alone ? "" : Chars.blanked(head.substring(space + 5, lineEnd));
    if (!Chars.isFieldValue(reason, 0, reason.length())) {
      throw BadMessage.malformed("the reason has a control character");
    }
    ResponseHead response = new ResponseHead(Integer.parseInt(status), reason, minor, fields(head));
    reset();
    return response;
  }

  /** Whether nothing of a next head has been seen. */
  public boolean atStart() {
    return scanned == 0 && lines == 0;
  }

  private void addLine(int end) {
    if (lines == lineEnds.length) {
      lineEnds = Arrays.copyOf(lineEnds, Math.max(FIRST_LINES, 2 * lines));
    }
    lineEnds[lines++] = end;
  }

  private void reset() {
    lineEnds = NONE;
    lines = 0;
    scanned = 0;
    emptyLines = 0;
  }

  private int lineStart(int line) {
    return line == 0 ? 0 : lineEnds[line - 1] + 2;
  }

  private String text(ByteBuf in) {
    String head = in.toString(in.readerIndex(), scanned, StandardCharsets.ISO_8859_1);
    in.skipBytes(scanned);
    return head;
  }

  /** Refuses what is not HTTP at its first byte, such as TLS on a plain port. */
  private void firstByte(int first) throws BadMessage {
    boolean possible = requests ? Chars.isToken(first) || first == '\r' : first == 'H';
    if (first == '\n') {
      throw BadMessage.malformed("a line ends in LF without CR");
    }
    if (!possible) {
      throw BadMessage.malformed("this is not HTTP");
    }
  }

  private void checkLengths() throws BadMessage {
    int line = lines == 0 ? scanned : lineEnds[0];
    if (line > limits.maxLine()) {
      throw new BadMessage(BadMessage.Kind.LINE_TOO_LONG, "the first line is too long");
    }
    if (scanned >= limits.maxHead()) {
      throw new BadMessage(BadMessage.Kind.HEAD_TOO_LARGE, "the head is too large");
    }
  }

  private static int minor(String head, int from, int to) throws BadMessage {
    boolean version =
        to - from == 8
            && head.startsWith("HTTP/", from)
            && Character.digit(head.charAt(from + 5), 10) >= 0
            && head.charAt(from + 6) == '.'
            && Character.digit(head.charAt(from + 7), 10) >= 0;
    if (!version) {
      throw BadMessage.malformed("the first line names no HTTP version");
    }
    if (head.startsWith("1.1", from + 5)) {
      return 1;
    }
    if (head.startsWith("1.0", from + 5)) {
      return 0;
    }
    throw new BadMessage(BadMessage.Kind.VERSION, "the version is neither HTTP/1.1 nor HTTP/1.0");
  }

  private Fields fields(String head) throws BadMessage {
    Fields fields = new Fields();
    for (int line = 1; line < lines; line++) {
      addField(fields, head, lineStart(line), lineEnds[line], !requests);
    }
    return fields;
  }

  /**
   * Parses one field line without its CRLF.
   *
   * @param blanking a control character in the value becomes a blank
   */
  static void addField(Fields into, String text, int from, int to, boolean blanking)
      throws BadMessage {
    char first = text.charAt(from);
    if (first == ' ' || first == '\t') {
      throw BadMessage.malformed("a folded field line");
    }
    int colon = text.indexOf(':', from);
    if (colon < 0 || colon >= to) {
      throw BadMessage.malformed("a field without a colon");
    }
    if (!Chars.isToken(text, from, colon)) {
      throw BadMessage.malformed("a field's name is not a token");
    }
    int start = colon + 1;
    int end = to;
    while (start < end && isBlank(text.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(text.charAt(end - 1))) {
      end--;
    }
    String value = text.substring(start, end);
    if (!Chars.isFieldValue(value, 0, value.length())) {
      value = blanking ? Chars.blanked(value) : value;
      if (!Chars.isFieldValue(value, 0, value.length())) {
        throw BadMessage.malformed("a field's value has a control character");
      }
    }
    into.add(text.substring(from, colon), value);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }
}
