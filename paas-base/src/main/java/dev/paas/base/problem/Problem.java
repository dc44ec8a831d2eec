package dev.paas.base.problem;

import dev.paas.base.text.Unseen;
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

  /** Sentences may repeat what a stranger wrote, which may be anything of any length. */
  private static String bounded(String sentence) {
    boolean whole = sentence.length() <= MAX_SENTENCE_LENGTH;
    String text = whole ? sentence : sentence.substring(0, MAX_SENTENCE_LENGTH);
    return escaped(text, "\n") + (whole ? "" : "…");
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
   * Escapes what can't be seen, so that a stranger's bytes cannot move the cursor of the terminal
   * or forge a log line, and cuts what is longer than {@link #MAX_VALUE_LENGTH}.
   */
  public static String printable(String text) {
    boolean whole = text.length() <= MAX_VALUE_LENGTH;
    return escaped(whole ? text : text.substring(0, border(text)), "") + (whole ? "" : "…");
  }

  /** Where a long value is cut: not within a character. */
  private static int border(String text) {
    boolean within =
        Character.isSurrogatePair(text.charAt(MAX_VALUE_LENGTH - 1), text.charAt(MAX_VALUE_LENGTH));
    return within ? MAX_VALUE_LENGTH - 1 : MAX_VALUE_LENGTH;
  }

  private static String escaped(String text, String allowed) {
    if (text.codePoints().noneMatch(c -> Unseen.is(c) && allowed.indexOf(c) < 0)) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 8);
    text.codePoints()
        .forEach(
            c -> {
              if (Unseen.is(c) && allowed.indexOf(c) < 0) {
                Unseen.escape(out, c);
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.toString();
  }
}
