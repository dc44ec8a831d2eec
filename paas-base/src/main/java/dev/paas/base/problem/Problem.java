package dev.paas.base.problem;

import dev.paas.base.text.Unseen;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What went wrong, for a person who can fix it: a stable code, one sentence, the offending value
 * and the fix; and for programs the kind, by which they decide.
 *
 * @param kind what callers go by: statuses, exit codes, whether to try again
 * @param code stable, lower case, {@code room.what}: listed in docs/problems.md; for people and
 *     their scripts, never for a decision in here
 * @param what one sentence that says what is wrong
 * @param value the offending value as it was given, control characters escaped; empty when there is
 *     none
 * @param fix one sentence that says what to do
 */
public record Problem(Kind kind, String code, String what, String value, String fix) {

  /**
   * Kinds of problems. Two problems are of one kind when every program treats them alike, so each
   * distinction here is one that an HTTP status, a gRPC status, an exit code or a retry makes.
   */
  public enum Kind {
    /** What was given can't be taken as it is. */
    INVALID,

    /** The words of a command can't be read. */
    USAGE,

    /** Nobody knows who asks. */
    UNAUTHENTICATED,

    /** Whoever asks may not do this. */
    FORBIDDEN,

    /** There is nothing of this name, or none that the caller may see. */
    NOT_FOUND,

    /** It contradicts what is there. */
    CONFLICT,

    /** As many as may run at once do; there is a place again soon. */
    BUSY,

    /** It was there and will not come back. */
    GONE,

    /** It is larger than a limit of the platform. */
    TOO_LARGE,

    /** It is understood, and can't be done with what there is. */
    IMPOSSIBLE,

    /** It needs more than the caller has said that it may take. */
    OVER_ALLOWANCE,

    /** The host gives no more of something until a person changes that. */
    OVER_LIMIT,

    /** Every address of the host is in use. */
    EXHAUSTED,

    /** There is no room on the disk; work waits until there is some. */
    FULL,

    /** The host lacks a program that the platform needs. */
    UNPREPARED,

    /** The host did not do what it was asked, and may the next time. */
    HOST_FAILED,

    /** A daemon met something that nobody expected, and may get past it the next time. */
    FAILED,

    /** Whoever asked does not want it any more. */
    CANCELLED,

    /** A daemon or the database is away; work waits until it is back. */
    UNAVAILABLE,

    /** A bug in the control plane. */
    INTERNAL
  }

  /** The longest value that is repeated to the caller, in characters. */
  public static final int MAX_VALUE_LENGTH = 200;

  /** The longest {@link #what}, in characters: several mistakes of a file may stand in one. */
  public static final int MAX_SENTENCE_LENGTH = 3000;

  private static final int MAX_FIX_LENGTH = 800;

  public Problem {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(code);
    what = bounded(what, MAX_SENTENCE_LENGTH);
    fix = bounded(fix, MAX_FIX_LENGTH);
    value = printable(value);
  }

  /** Sentences may repeat what anybody wrote, which may be anything of any length. */
  private static String bounded(String sentence, int longest) {
    boolean whole = sentence.length() <= longest;
    String text = whole ? sentence : sentence.substring(0, longest);
    return escaped(text, "\n") + (whole ? "" : "…");
  }

  /** A problem without an offending value. */
  public static Problem of(Kind kind, String code, String what, String fix) {
    return new Problem(kind, code, what, "", fix);
  }

  public static Problem of(Kind kind, String code, String what, String value, String fix) {
    return new Problem(kind, code, what, value, fix);
  }

  /** The same problem, told by somebody who knows more about where it is. */
  public Problem told(String what, String value, String fix) {
    return new Problem(kind, code, what, value, fix);
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
   * Escapes what can't be seen, so that bytes of others cannot move the cursor of the terminal or
   * forge a log line, and cuts what is longer than {@link #MAX_VALUE_LENGTH}.
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
