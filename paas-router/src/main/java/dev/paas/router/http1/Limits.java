package dev.paas.router.http1;

/**
 * How much of a head is read.
 *
 * @param maxHead bytes from the first line to the empty line
 * @param maxLine bytes of the first line
 * @param maxFields number of fields
 */
public record Limits(int maxHead, int maxLine, int maxFields) {

  /** Longer request targets than browsers send; 8 KiB is the least that RFC 9110 asks for. */
  public static final int MAX_LINE = 16 << 10;

  /** Above what any browser sends, below what makes lookups slow. */
  public static final int MAX_FIELDS = 100;

  /** The usual limits with a head of {@code maxHead} bytes. */
  public static Limits ofHead(long maxHead) {
    int bytes = (int) Math.min(maxHead, 16 << 20);
    return new Limits(bytes, Math.min(MAX_LINE, bytes), MAX_FIELDS);
  }
}
