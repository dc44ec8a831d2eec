package dev.paas.base.problem;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What went wrong, for a person who can mend it: a stable code, one sentence, the offending value
 * and the fix.
 *
 * @param code stable, lower case, {@code room.what}: listed in docs/problems.md
 * @param what one sentence that says what is wrong
 * @param value the offending value as it was given, control characters escaped; empty when there is
 *     none
 * @param fix one sentence that says what to do
 */
public record Problem(String code, String what, String value, String fix) {

  /** The longest value that is repeated to the caller, in characters. */
  public static final int MAX_VALUE_LENGTH = 200;

  /** The longest sentence, in characters. */
  private static final int MAX_SENTENCE_LENGTH = 2000;

  public Problem {
    Objects.requireNonNull(code);
    what = bounded(what);
    fix = bounded(fix);
    value = printable(value);
  }

  /** Sentences may repeat what a stranger wrote, which may be of any length. */
  private static String bounded(String sentence) {
    return sentence.length() <= MAX_SENTENCE_LENGTH
        ? sentence
        : sentence.substring(0, MAX_SENTENCE_LENGTH) + "…";
  }

  /** A problem without an offending value. */
  public static Problem of(String code, String what, String fix) {
    return new Problem(code, what, "", fix);
  }

  public static Problem of(String code, String what, String value, String fix) {
    return new Problem(code, what, value, fix);
  }

  public PaasException asException() {
    return new PaasException(this);
  }

  public PaasException asException(Throwable cause) {
    return new PaasException(this, cause);
  }

  /**
   * What went wrong with its value, for a terminal: one line, or several when {@code what} quotes a
   * file; the value ends the first line unless it stands there already.
   */
  public List<String> lines() {
    List<String> lines = new ArrayList<>(what.lines().toList());
    if (!value.isEmpty() && !what.contains(value)) {
      lines.set(0, lines.get(0) + ": " + value);
    }
    return List.copyOf(lines);
  }

  /**
   * Escapes control characters, so that a stranger's bytes cannot move the cursor of the terminal
   * or forge a log line, and cuts what is longer than {@link #MAX_VALUE_LENGTH}.
   */
  public static String printable(String text) {
    StringBuilder out = new StringBuilder(Math.min(text.length(), MAX_VALUE_LENGTH) + 8);
    for (int i = 0; i < text.length() && i < MAX_VALUE_LENGTH; i++) {
      char c = text.charAt(i);
      boolean half =
          Character.isSurrogate(c)
              && !(i > 0 && Character.isSurrogatePair(text.charAt(i - 1), c))
              && !(i + 1 < text.length() && Character.isSurrogatePair(c, text.charAt(i + 1)));
      if (half || Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    if (text.length() > MAX_VALUE_LENGTH) {
      out.append('…');
    }
    return out.toString();
  }
}
