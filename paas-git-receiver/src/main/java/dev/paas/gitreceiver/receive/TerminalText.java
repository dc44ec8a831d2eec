package dev.paas.gitreceiver.receive;

import dev.paas.base.text.Unseen;

/**
 * Makes build output safe for somebody's terminal: tabs and colours (SGR sequences, ECMA-48
 * 8.3.117) pass, every other control character is escaped.
 */
final class TerminalText {

  private static final char ESCAPE = '\u001b';

  private TerminalText() {}

  static String clean(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      int c = text.codePointAt(i);
      int colour = c == ESCAPE ? endOfColour(text, i) : 0;
      if (colour > 0) {
        out.append(text, i, colour);
        i = colour - 1;
      } else if (c != '\t' && Unseen.is(c)) {
        Unseen.escape(out, c);
        i += Character.charCount(c) - 1;
      } else {
        out.appendCodePoint(c);
        i += Character.charCount(c) - 1;
      }
    }
    return out.toString();
  }

  /** Where the colour sequence that starts at {@code from} ends, or 0 when there is none. */
  private static int endOfColour(String text, int from) {
    if (!text.startsWith("[", from + 1)) {
      return 0;
    }
    for (int i = from + 2; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 'm') {
        return i + 1;
      }
      if (c != ';' && (c < '0' || c > '9')) {
        return 0;
      }
    }
    return 0;
  }
}
