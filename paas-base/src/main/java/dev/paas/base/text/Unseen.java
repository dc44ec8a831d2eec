package dev.paas.base.text;

/** Characters that a person can't see and a terminal obeys, or that turn the text beside them. */
public final class Unseen {

  private Unseen() {}

  /** Control and format characters, separators of lines, halves of characters. */
  public static boolean is(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /** Writes a character as JSON and Java write it with digits only. */
  public static void escape(StringBuilder out, int codePoint) {
    for (char c : Character.toChars(codePoint)) {
      out.append(String.format("\\u%04x", (int) c));
    }
  }
}
