package dev.paas.builder.dockerfile.text;

/** Breaks what people read into lines that a terminal shows whole. */
public final class Columns {

  /** Of a terminal, less what git writes before each line of a push. */
  private static final int WIDTH = 72;

  private Columns() {}

  /**
   * One paragraph, without a newline at its end.
   *
   * @param indent what each line but the first begins with
   */
  public static String wrapped(String paragraph, String indent) {
    StringBuilder out = new StringBuilder(paragraph.length() + 16);
    String rest = paragraph;
    while (rest.length() > WIDTH) {
      int blank = rest.lastIndexOf(' ', WIDTH);
      boolean within = blank > indent.length();
      int end = within ? blank : border(rest);
      out.append(rest, 0, end).append('\n');
      rest = indent + rest.substring(within ? end + 1 : end);
    }
    return out.append(rest).toString();
  }

  /** Where a word that is longer than a line is cut: not within a character. */
  private static int border(String text) {
    return Character.isSurrogatePair(text.charAt(WIDTH - 1), text.charAt(WIDTH))
        ? WIDTH - 1
        : WIDTH;
  }
}
